import type { Binaries } from './findBinaries.ts'
import type { OsUser } from './runProgram.ts'

/**
 * One embedded server: its programs, its files, and the user it runs as.
 *
 * `home` belongs to the user who runs Tocsin; inside it, the server may write to `data` and `socketDirectory` only,
 * so that Tocsin, which may be root, never follows what the server's user has put in its way.
 */
export type Cluster = {
  /** Real path; holds everything below, unless the path of the socket would be too long for the system. */
  home: string
  data: string
  /** The server listens here and nowhere else: no port. */
  socketDirectory: string
  log: string
  /** Of the administrator, who makes the role that everything else connects as. */
  password: string
  user: OsUser | undefined
  binaries: Binaries
}

/** Part of the socket's file name; each server has a directory of its own, so it never collides. */
export const socketPort = 5432
export const administrator = 'postgres'
/** Name of the role and of the database that Tocsin works in. */
export const roleName = 'tocsin'
