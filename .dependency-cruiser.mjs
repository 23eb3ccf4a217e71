/** The lines between the rooms of the house (docs/architecture.md). */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    {
      name: 'shared-stands-alone',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(functions|infra|cli|scripts|test)/' },
    },
    {
      name: 'geo-knows-no-jobs',
      severity: 'error',
      from: { path: '^shared/geo/' },
      to: { path: '^shared/(jobs|processes|aws)/' },
    },
    {
      name: 'jobs-know-no-aws',
      severity: 'error',
      from: { path: '^shared/jobs/' },
      to: { path: '^(shared/(aws|processes)/|node_modules/(@aws-sdk|@aws-lambda-powertools|@middy)/)' },
    },
    {
      name: 'a-process-imports-no-other',
      severity: 'error',
      from: { path: '^shared/processes/([^/]+)/' },
      to: { path: '^shared/processes/([^/]+)/', pathNot: '^shared/processes/$1/' },
    },
    {
      name: 'processes-know-no-aws',
      severity: 'error',
      from: { path: '^shared/processes/' },
      to: { path: '^(shared/aws/|node_modules/@aws-sdk/)' },
    },
    {
      name: 'functions-know-no-infra',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(infra|cli|scripts|test)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
