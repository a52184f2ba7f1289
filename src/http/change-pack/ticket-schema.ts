import Type from 'typebox'
import { CountSchema, closed, largestText, listSchema, mostRows, textSchema } from '../schema/schema-words.ts'

const text = (description?: string) => textSchema(largestText, description)

/** What ServiceNow takes: a change for each window of a pack. */
export const ServicenowPackSchema = Type.Object(
  {
    changes: listSchema(
      Type.Object(
        {
          type: Type.Literal('normal'),
          short_description: textSchema(160),
          description: text(),
          justification: Type.Optional(text('Why the edition is new')),
          implementation_plan: text('What is opened or closed, a line for each row'),
          test_plan: text('The commands that show that the other end answers'),
          backout_plan: text(),
          risk_impact_analysis: text(),
          start_date: textSchema(19, 'In UTC, as `2018-11-22 00:00:00`'),
          end_date: textSchema(19),
          correlation_id: textSchema(40, 'The id of the pack and the number of the step'),
          correlation_display: Type.Literal('Portolan')
        },
        closed
      ),
      mostRows,
      'Each is the body of `POST /api/sn_chg_rest/change/normal`'
    )
  },
  { ...closed, title: 'ServicenowPack' }
)

/** What Jira takes: a task for each window of a pack. */
export const JiraPackSchema = Type.Object(
  {
    issueUpdates: listSchema(
      Type.Object(
        {
          fields: Type.Object(
            {
              summary: textSchema(255),
              issuetype: Type.Object({ name: Type.Literal('Task') }, closed),
              description: Type.Object(
                {
                  type: Type.Literal('doc'),
                  version: Type.Literal(1),
                  content: listSchema(Type.Object({}, { additionalProperties: true }), mostRows)
                },
                { ...closed, description: 'The Atlassian Document Format' }
              ),
              duedate: textSchema(10, 'As `2018-11-22`'),
              labels: listSchema(textSchema(40), 2)
            },
            closed
          ),
          properties: listSchema(
            Type.Object(
              {
                key: Type.Literal('portolan'),
                value: Type.Object({ pack: textSchema(16), step: CountSchema }, closed)
              },
              closed
            ),
            1
          )
        },
        closed
      ),
      mostRows,
      'The body of `POST /rest/api/3/issue/bulk`, which takes fifty at a time'
    )
  },
  { ...closed, title: 'JiraPack' }
)

/** What Prometheus takes: a group of targets for each row of the steps that verify. */
export const ProbesPackSchema = listSchema(
  Type.Object(
    {
      targets: listSchema(
        textSchema(300, 'A name or address with a port, or without one where the module is `icmp`'),
        65_536
      ),
      labels: Type.Record(Type.String(), textSchema(largestText), { title: 'ProbeLabels' })
    },
    { ...closed, title: 'ProbeGroup' }
  ),
  mostRows,
  'As `http_sd_configs` and `file_sd_configs` of Prometheus take it, for the blackbox exporter'
)
