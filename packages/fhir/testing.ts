export { mutate, seeded } from './mutate.ts'
