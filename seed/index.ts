export { type FillOptions, fillDemo } from './fill.ts'
export { WRITE_BACK_PORT } from './fill-interfaces.ts'
export { makeRandom, type Random } from './random.ts'
export { type Counts, type Simulation, type SimulationOptions, simulateHospital } from './simulate.ts'
