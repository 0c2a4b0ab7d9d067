// Saved functions and hunting queries, from the content of their YAML files.

@description('Workspace that holds the tables of the exporter.')
param workspaceName string

@description('Functions, each after those that it calls.')
param parsers array

@description('Functions in the schema of ASIM parsers; they call the others.')
param asimParsers array

@description('Hunting queries in the schema of the Azure-Sentinel repository.')
param hunts array

var functions = concat(
  map(parsers, parser => {
    alias: parser.FunctionAlias
    title: parser.Function.Title
    category: parser.Category
    parameters: ''
    query: parser.FunctionQuery
  }),
  map(asimParsers, parser => {
    alias: parser.ParserName
    title: parser.Parser.Title
    category: 'ASIM'
    parameters: join(map(parser.ParserParams, parameter => '${parameter.Name}:${parameter.Type}=${parameter.Default}'), ', ')
    query: parser.ParserQuery
  })
)

module searches 'saved-searches.json' = {
  name: 'sentinel-saved-searches-of-workspace'
  params: {
    workspaceName: workspaceName
    functions: functions
    hunts: hunts
  }
}
