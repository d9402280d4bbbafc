import { testScenarios } from './testScenarios.ts'

testScenarios('safe')
