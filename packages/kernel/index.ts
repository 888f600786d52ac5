import './no-eval.ts' // before any schema is made

export * from './calendar.ts'
export * from './clock.ts'
export * from './contract.ts'
export * from './errors.ts'
export * from './events.ts'
export * from './guarded.ts'
export * from './holdings.ts'
export * from './ids.ts'
export * from './interval.ts'
