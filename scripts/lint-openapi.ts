import { installClientTools, runTool } from './client-tools.ts'

/** Checks openapi/portolan.json with Redocly, and with Spectral and its OWASP rules. Errors and warnings both fail. */
const document = '../../openapi/portolan.json'

installClientTools()
runTool(
  'Redocly, recommended-strict and more: redocly.yaml',
  'redocly',
  'lint',
  document,
  '--config=../../redocly.yaml',
  '--max-problems=1000'
)
runTool(
  'Spectral, OpenAPI and OWASP: .spectral.yaml',
  'spectral',
  'lint',
  document,
  '--ruleset=../../.spectral.yaml',
  '--fail-severity=warn'
)
