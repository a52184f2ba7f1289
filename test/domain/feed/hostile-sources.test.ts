import { strToU8, zipSync } from 'fflate'
import t from 'tap'
import { importWith, refusalOf, workbook, written } from './support/sources.ts'

const page = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body></body></html>'
const utf16 = Buffer.from('\ufeffItem,Port\r\nA,80\r\n', 'utf16le')
const latin = Buffer.from('Item,Port,Host\r\nBüro,80,a.example.net\r\n', 'latin1')

t.test('what is no table is refused with what it is', async (t) => {
  const cases = [
    ['csv', '', /^empty: ports\.csv is empty/],
    ['csv', ' \n \n', /^empty: .*nothing but blanks/],
    ['csv', page, /^web_page: .*title: "502 Bad Gateway"/],
    ['csv', utf16, /^wrong_encoding: .*UTF-16: save it as UTF-8/],
    ['csv', latin, /^wrong_encoding: .*not valid UTF-8/],
    ['csv', 'a\0b', /^wrong_kind: .*no text/],
    ['csv', workbook({ A: [['a']] }), /^wrong_kind: .*import it as xlsx/],
    ['csv', '{"a": 1}', /^no_table: .*column for the name/],
    ['csv', 'Itme,Prot,Nr\nA,tcp,80\n', /^no_table: .*"Itme" may be item/],
    ['csv', 'Item,Port,Host\n"A,80\n', /^malformed_csv: .*quotation mark that is not closed/],
    ['csv', `Item,Port,Host${','.repeat(1_000_000)}\nA,80,a.example.net\n`, /^too_many_columns: /],
    ['xlsx', '', /^empty: /],
    ['xlsx', page, /^web_page: /],
    ['xlsx', 'Item,Port\n', /^wrong_kind: .*no Excel workbook/],
    ['xlsx', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 1), /^wrong_kind: .*\.xls.*password/],
    ['xlsx', Buffer.from('PK\x03\x04 and no more'), /^damaged: /],
    ['xlsx', zipSync({ 'a.xml': strToU8('<a/>') }), /^wrong_kind: .*no Excel workbook/],
    ['xlsx', workbook({ Empty: [] }), /^no_table: /],
    ['markdown', '', /^empty: /],
    ['markdown', page, /^web_page: /],
    ['markdown', '# Ports\n\nThere is no table here.\n', /^no_table: /],
    ['text', '# nothing\n', /^empty: .*no value/],
    ['text', page, /^web_page: /]
  ] as const
  for (const [name, content, expected] of cases)
    t.match(await refusalOf(name, content), expected, `${name} ${expected}`)
})

t.test('a workbook that would be large is refused before it is unpacked', async (t) => {
  const bomb = sized(zipSync({ 'xl/workbook.xml': new Uint8Array(1_000_000) }), 80 * 1_048_576)
  t.match(await refusalOf('xlsx', bomb), /^too_large: .*64 MiB/)
  const many = zipSync(
    Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`${index}.xml`, strToU8('<a/>')]))
  )
  t.match(await refusalOf('xlsx', many), /^too_large: .*1000 parts/)
})

t.test('an archive that lies about its sizes unpacks to no more than it said', async (t) => {
  const honest = zipSync({ 'xl/workbook.xml': new Uint8Array(1_000_000) })
  const lying = sized(honest, 10)
  t.match(await refusalOf('xlsx', lying), /^(?:damaged|wrong_kind|no_table): /)
})

/** An archive whose directory says that each part has this size when it is unpacked. */
function sized(archive: Uint8Array, size: number): Uint8Array {
  const bytes = Buffer.from(archive)
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 1))
    bytes.writeUInt32LE(size, at + 24)
  return bytes
}

t.test('a cell far out does not make the reader lay out what lies between', async (t) => {
  const far = (cell: string) =>
    zipSync({
      'xl/workbook.xml': strToU8(
        '<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
      ),
      'xl/_rels/workbook.xml.rels': strToU8(
        '<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
      ),
      'xl/worksheets/sheet1.xml': strToU8(
        `<worksheet><sheetData><row r="1"><c r="${cell}"><v>1</v></c></row></sheetData></worksheet>`
      )
    })
  t.match(await refusalOf('xlsx', far('XFD1')), /^too_many_columns: /)
  t.match(await refusalOf('xlsx', far('ZZ1048576')), /^too_many_rows: /)
})

t.test('texts that mean something to others are texts', async (t) => {
  const hostile = ['=1+1', '<script>alert(1)</script>', 'a|b', '`x`', '"quoted"', '$x$', '__proto__', 'constructor']
  for (const notation of ['csv', 'xlsx', 'markdown'] as const) {
    const rows = [
      ['Item', 'Port', 'Protocol', 'Host', 'Remarks'],
      ...hostile.map((text) => [text, '80', 'tcp', 'a.example.net', text])
    ]
    const { requirements, refused } = await importWith(notation, written[notation](rows))
    t.strictSame(refused, [])
    t.strictSame(
      requirements.map(({ title }) => title),
      hostile,
      notation
    )
    t.strictSame(
      requirements.map(({ remarks }) => remarks),
      hostile,
      notation
    )
  }
})
