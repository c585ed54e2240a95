/**
 * A local lint rule: no file and no folder is called utils, shared, helpers or common. What has such a name
 * collects strangers; a helper lives with the concept that owns it.
 */
import path from 'node:path'

const DRAWER = /^(utils?|shared|helpers?|common)(\.|$)/

export default {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { drawer: '"{{name}}" is a drawer: put the code with the concept that owns it.' },
  },
  create(context) {
    return {
      Program(node) {
        const parts = path.relative(context.cwd, context.filename).split(path.sep)
        const name = parts.find((part) => DRAWER.test(part))
        if (name) context.report({ node, messageId: 'drawer', data: { name } })
      },
    }
  },
}
