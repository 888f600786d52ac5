import type { Task } from '../contract.ts'

export function OpinionsHeard(_: { task: Task }) {
  return null
}
