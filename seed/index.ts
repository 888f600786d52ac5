export { type FillOptions, fillDemo } from './fill.ts'
export { type Counts, type Simulation, type SimulationOptions, simulateHospital } from './simulate.ts'
