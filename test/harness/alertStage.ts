import { afterAll, beforeAll, beforeEach } from 'vitest'
import { alertScene } from './alertScene.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

type AlertStage = { database: TestDatabase; scene: ReturnType<typeof alertScene> }

/** For a file of tests: a database of their own, emptied before each, and a scene on it. Both are there from the first test on. */
export function alertStage(): AlertStage {
  const stage = {} as AlertStage
  beforeAll(async () => {
    stage.database = await createTestDatabase()
  })
  beforeEach(async () => {
    await stage.database.clear()
    stage.scene = alertScene(stage.database.db)
  })
  afterAll(() => stage.database.drop())
  return stage
}
