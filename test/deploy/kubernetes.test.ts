import { readdirSync, readFileSync } from 'node:fs'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { Job } from 'kubernetes-models/batch/v1/Job'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { Service } from 'kubernetes-models/v1/Service'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { readConfig } from '../../src/config/config.ts'
import { options, optionsIn } from '../../src/config/options.ts'
import { folder, missing, run } from '../render/formats/support/tool.ts'
import { repository } from '../support/repository.ts'

const at = `${repository}/deploy/kubernetes`
const kustomization = parse(readFileSync(`${at}/kustomization.yaml`, 'utf8'))

/** The schemas of Kubernetes, by kind. */
const kinds = { Deployment, Job, NetworkPolicy, PodDisruptionBudget, Service } as const
type Kind = keyof typeof kinds

// biome-ignore lint/suspicious/noExplicitAny: what a manifest is, its schema says.
type Manifest = any

const manifests: readonly Manifest[] = kustomization.resources.flatMap((file: string) =>
  parseAllDocuments(readFileSync(`${at}/${file}`, 'utf8')).map((document) => document.toJS())
)
const named = (kind: Kind, name: string): Manifest =>
  manifests.find((each) => each.kind === kind && each.metadata.name === name)
const programs = [named('Deployment', 'web'), named('Deployment', 'send'), named('Job', 'migrate')]

function faultOf(manifest: Manifest): string | undefined {
  try {
    new kinds[manifest.kind as Kind](manifest).validate()
    return undefined
  } catch (error) {
    return String(error)
  }
}

t.test('each manifest is what Kubernetes takes', async (t) => {
  t.strictSame([...kustomization.resources, 'kustomization.yaml'].sort(), readdirSync(at).sort())
  t.equal(manifests.length, 9)
  for (const manifest of manifests) t.equal(faultOf(manifest), undefined, `${manifest.kind} ${manifest.metadata.name}`)
  const wrong = structuredClone(named('Deployment', 'web'))
  wrong.spec.template.spec.containers[0].ports[0].containerPort = 'http'
  t.ok(faultOf(wrong), 'the schema sees what is wrong')
})

t.test('kubectl puts them together', { skip: missing('kubectl') }, async (t) => {
  const { code, stdout, stderr } = await run('kubectl', ['kustomize', at])
  t.equal(code, 0, stderr)
  const kindsMade = parseAllDocuments(stdout).map((document) => document.toJS().kind)
  t.equal(kindsMade.length, manifests.length + 1, 'and the map of the configuration')
})

t.test('no pod may do more than it needs', async (t) => {
  for (const { kind, metadata, spec } of programs) {
    const pod = spec.template.spec
    const name = `${kind} ${metadata.name}`
    t.match(
      pod.securityContext,
      { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      name
    )
    t.equal(pod.automountServiceAccountToken, false, `${name}: no token`)
    // Kubernetes would set PORTOLAN_PORT to tcp://…, for the Service of that name.
    t.equal(pod.enableServiceLinks, false, `${name}: no variables of Services`)
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) t.equal(pod[field], undefined, name)
    for (const { securityContext, resources, volumeMounts } of pod.containers) {
      t.strictSame(
        securityContext,
        { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        name
      )
      t.ok(resources.limits.memory && resources.requests.memory && resources.requests.cpu, `${name}: resources`)
      t.ok(
        volumeMounts.some(({ mountPath }: Manifest) => mountPath === '/tmp'),
        `${name}: somewhere to write`
      )
    }
  }
})

t.test('the program takes what the manifests configure', async (t) => {
  const known: readonly string[] = optionsIn(options).flatMap(({ variable }) => [variable, `${variable}_FILE`])
  const [{ literals }] = kustomization.configMapGenerator
  const secrets = folder(t, {
    'database-url': 'postgres://portolan:x@database/portolan',
    'secret-key': 'ab'.repeat(32)
  })
  const roles: Record<string, string | undefined> = {}
  for (const { metadata, spec } of programs) {
    const [{ env = [], volumeMounts }] = spec.template.spec.containers
    const environment = Object.fromEntries([
      ...literals.map((literal: string) => literal.split('=')),
      ...env.map(({ name, value }: Manifest) => [name, value])
    ])
    for (const [name, value] of Object.entries<string>(environment)) {
      t.ok(known.includes(name), `${metadata.name}: ${name}`)
      t.type(value, 'string')
      environment[name] = value.replace(volumeMounts[0].mountPath, secrets)
    }
    const config = readConfig(environment)
    t.match(config, { databaseUrl: 'postgres://portolan:x@database/portolan', metricsPort: 9090, migrates: false })
    roles[metadata.name] = environment.PORTOLAN_ROLE
  }
  t.strictSame(roles, { web: 'web', send: 'send', migrate: undefined })
})

t.test('an upgrade and a node that is emptied take nobody away before another one is ready', async (t) => {
  for (const name of ['web', 'send']) {
    const { spec } = named('Deployment', name)
    t.ok(spec.replicas >= 2)
    t.equal(spec.strategy.rollingUpdate.maxUnavailable, 0)
    const [{ readinessProbe, livenessProbe, startupProbe, env, ports }] = spec.template.spec.containers
    t.equal(readinessProbe.httpGet.path, '/health/ready')
    for (const probe of [livenessProbe, startupProbe])
      t.equal(probe.httpGet.path, '/health/live', 'the store counts not')
    const portNames = ports.map((port: Manifest) => port.name)
    for (const probe of [readinessProbe, livenessProbe, startupProbe]) t.ok(portNames.includes(probe.httpGet.port))
    const drain = Number(env.find((each: Manifest) => each.name === 'PORTOLAN_DRAIN_DELAY')?.value ?? 0)
    t.ok(spec.template.spec.terminationGracePeriodSeconds >= drain + 10 + 5)
    const budget = named('PodDisruptionBudget', name)
    t.equal(budget.spec.maxUnavailable, 1)
    t.strictSame(budget.spec.selector, spec.selector)
    t.strictSame(spec.template.metadata.labels, spec.selector.matchLabels)
  }
  t.strictSame(named('Service', 'portolan').spec.selector, named('Deployment', 'web').spec.selector.matchLabels)
})

t.test('only what sends has a way out', async (t) => {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy')
  const outFor = (labels: Readonly<Record<string, string>>) =>
    policies
      .filter(({ spec }) =>
        Object.entries(spec.podSelector.matchLabels).every(([name, value]) => labels[name] === value)
      )
      .flatMap(({ spec }) => (spec.policyTypes.includes('Egress') ? [spec.egress] : []))
  for (const { metadata, spec } of programs) {
    const egress = outFor(spec.template.metadata.labels)
    t.ok(egress.length > 0, `${metadata.name} is held by a policy: without one everything is allowed`)
    const blocks = egress.flat().flatMap(({ to, ports }: Manifest) => {
      t.ok(to?.length > 0 && ports?.length > 0, 'no rule means anywhere')
      return to.filter((peer: Manifest) => peer.ipBlock)
    })
    t.equal(blocks.length > 0, metadata.name === 'send', metadata.name)
    for (const { ipBlock } of blocks)
      t.ok(
        ipBlock.cidr === '::/0' ? ipBlock.except.includes('fc00::/7') : ipBlock.except.includes('169.254.0.0/16'),
        'but not to the machine and its network'
      )
  }
})
