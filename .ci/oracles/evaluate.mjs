// Evaluates IAM requests against policies with @cloud-copilot/iam-simulate, an evaluator that is not ours: identity policies with all
// condition operators, and AWS's own data on which resources and condition keys an action takes.
//
//     node evaluate.mjs REQUESTS.json > RESULTS.json
//
// REQUESTS.json: {"policies": {name: [policy, ...]}, "requests": [{"policies": name, "action", "resource", "context"}]}
// RESULTS.json: for each request "Allowed", "ImplicitlyDenied", "ExplicitlyDenied", or "invalid: why".

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(process.cwd() + '/')
const { runSimulation } = await import(pathToFileURL(require.resolve('@cloud-copilot/iam-simulate')).href)
const { policies, requests } = JSON.parse(readFileSync(process.argv[2], 'utf8'))

/** Statements that name the action: the others cannot matter, and evaluating hundreds takes minutes. */
function relevant(all, action) {
  const matches = (pattern) =>
    new RegExp('^' + pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.') + '$', 'i').test(action)
  return all
    .map((policy) => ({ ...policy, Statement: policy.Statement.filter((s) => s.Action.some(matches)) }))
    .filter((policy) => policy.Statement.length > 0)
}

function keyPolicy(account) {
  const statement = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }
  return { Version: '2012-10-17', Statement: [statement] }
}

const results = []
for (const request of requests) {
  const account = '000000000000'
  const response = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${account}:role/deploy`,
        action: request.action,
        resource: { resource: request.resource, accountId: account },
        contextVariables: request.context,
      },
      identityPolicies: relevant(policies[request.policies], request.action).map((policy, n) => ({ name: `p${n}`, policy })),
      // A key's own policy lets the account's identity policies decide.
      ...(request.resource.includes(':key/') && { resourcePolicy: keyPolicy(account) }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  )
  results.push(
    response.resultType === 'error' ? 'invalid: ' + JSON.stringify(response.errors).slice(0, 300) : response.overallResult,
  )
}
console.log(JSON.stringify(results))
