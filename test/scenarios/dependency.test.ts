import { testScenarios } from './testScenarios.ts'

testScenarios('dependency')
