import { testScenarios } from './testScenarios.ts'

testScenarios('value')
