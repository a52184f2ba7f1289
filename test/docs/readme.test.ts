import { runPage } from './support/run-page.ts'

runPage('README.md')
