import { installClientTools, runTool } from './client-tools.ts'

/** Checks openapi/portolan.json with Redocly, and with Spectral and its OWASP rules. Errors and warnings both fail. */
const [document, older] = ['../../openapi/portolan.json', '../../openapi/portolan-3.0.json']

installClientTools()
runTool(
  'Redocly, recommended-strict and more: redocly.yaml',
  'redocly',
  'lint',
  document,
  '--config=../../redocly.yaml',
  '--max-problems=1000'
)
// What is posted to receivers stays in 3.0, although nothing there can refer to it.
const rules = ['--config=../../redocly.yaml', '--skip-rule=no-unused-components', '--max-problems=1000']
runTool('Redocly, of 3.0', 'redocly', 'lint', older, ...rules)
runTool(
  'Spectral, OpenAPI and OWASP: .spectral.yaml',
  'spectral',
  'lint',
  document,
  '--ruleset=../../.spectral.yaml',
  '--fail-severity=warn'
)
