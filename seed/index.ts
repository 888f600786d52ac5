export { type Counts, type Simulation, type SimulationOptions, simulateHospital } from './simulate.ts'
