import { testScenarios } from './testScenarios.ts'

testScenarios('attack')
