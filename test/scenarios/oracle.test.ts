import { testScenarios } from './testScenarios.ts'

testScenarios('oracle')
