import { z } from 'zod';

/** @typedef {import('zod').ZodObject} Environment */

const HEAD = `# The environment of a Livehold server. Copy this file to .env, which npm start and npm run serve read, and
# take the # away before what you set. What stands after = is the default; npm start needs none of it.
# Written by npm run docs from src/config.ts.`;

/**
 * One variable a row: those that have a description.
 * @param {Environment} environment
 */
function variables(environment) {
  const { properties = {} } = z.toJSONSchema(environment, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (typeof schema === 'boolean' || schema.description === undefined) return [];
    const unset = /** @type {string | undefined} */ (schema['x-unset']);
    const values = (schema.enum ?? []).map(String).filter((value) => !/^[01]$/.test(value));
    return [{ name, description: schema.description, default: schema.default, unset, values }];
  });
}

/** @param {Environment} environment */
export function envExample(environment) {
  const blocks = variables(environment).map(
    ({ name, description, default: value, unset, values }) => {
      const lines = [
        `# ${description.replaceAll('`', '')}`,
        ...(values.length > 0 ? [`# One of: ${values.join(', ')}.`] : []),
        ...(unset ? [`# Not set: ${unset.replaceAll('`', '')}.`] : []),
        `#${name}=${value ?? ''}`,
      ];
      return lines.join('\n');
    },
  );
  return `${[HEAD, ...blocks].join('\n\n')}\n`;
}

/** The same as a table. @param {Environment} environment */
export function environmentTable(environment) {
  const rows = variables(environment).map(({ name, description, default: value, unset = '' }) => {
    return `| \`${name}\` | ${value === undefined ? unset : `\`${value}\``} | ${description} |`;
  });
  return ['| name | when it is not set | what it is |', '| --- | --- | --- |', ...rows].join('\n');
}
