import { faultCases } from './faultCases.ts'
import { testFaults } from './testFaults.ts'

testFaults(faultCases.reorgs)
