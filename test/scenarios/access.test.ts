import { testScenarios } from './testScenarios.ts'

testScenarios('access')
