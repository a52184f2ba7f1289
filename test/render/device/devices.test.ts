import t from 'tap'
import { deviceNames } from '../../../src/domain/export/device-limit.ts'
import { devices } from '../../../src/render/device/devices.ts'
import { formats } from '../../../src/render/formats/formats.ts'

t.test('every format that a device names exists, and every format has a device', async (t) => {
  const named = devices.flatMap((device) => device.formats)
  t.strictSame([...named].sort(), formats.map(({ name }) => name).sort())
})

t.test('every limit has a device', async (t) => {
  t.strictSame(devices.flatMap(({ limits }) => limits).sort(), [...deviceNames].sort())
})

t.test('every snippet names the URL of the export', async (t) => {
  for (const { name, formats: names, snippet } of devices)
    for (const format of names) {
      const url = `https://portolan.example/v1/catalogues/one/exports/${format}/out-tcp-80.txt`
      t.ok(snippet({ url, format, slice: 'out-tcp-80', extension: 'txt' }).includes(url), `${name} ${format}`)
    }
})
