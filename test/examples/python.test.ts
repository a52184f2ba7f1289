import { runPage } from '../docs/support/run-page.ts'

runPage('examples/python/README.md')
