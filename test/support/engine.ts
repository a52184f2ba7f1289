/** Why a test that runs on both engines leaves one of them out; false where it does not. */
export const noSqlite = left('sqlite')
export const noPostgres = left('postgres')

/** `PORTOLAN_TEST_ENGINE` names the only one that is tried: `sqlite` or `postgres`. Default: both. */
function left(engine: 'sqlite' | 'postgres'): string | false {
  const only = process.env.PORTOLAN_TEST_ENGINE
  if (only !== undefined && !['', 'sqlite', 'postgres'].includes(only))
    throw new Error(`PORTOLAN_TEST_ENGINE=${only} must be sqlite or postgres`)
  return Boolean(only) && only !== engine && `PORTOLAN_TEST_ENGINE=${only}`
}
