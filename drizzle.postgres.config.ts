import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/store/engine/tables.postgres.ts',
  out: './migrations/postgres'
})
