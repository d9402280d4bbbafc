import { testScenarios } from './testScenarios.ts'

testScenarios('governance')
