/**
 * A local lint rule: every export, and every member of an exported `...Options` or `...Props` interface,
 * is explained. The option interface is the manual.
 */

const MANUAL = /(Options|Props)$/

function isDocumented(source, node) {
  const before = source.getCommentsBefore(node).at(-1)
  return before?.type === 'Block' && before.value.startsWith('*')
}

function namesOf(declaration) {
  if (declaration.type === 'VariableDeclaration') return declaration.declarations.map((each) => each.id.name)
  return [declaration.id?.name ?? 'default']
}

/** Names that were documented at an earlier overload. */
function isFurtherOverload(source, node, name) {
  const siblings = source.ast.body
  const before = siblings[siblings.indexOf(node) - 1]
  return before?.declaration?.type === 'TSDeclareFunction' && before.declaration.id?.name === name
}

export default {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      export: 'The export {{name}} has no JSDoc: meaning, unit, default, errors.',
      option: 'The option {{name}} has no JSDoc: meaning, unit, default, and what it does not do.',
    },
  },
  create(context) {
    const source = context.sourceCode

    function checkOptions(declaration) {
      if (declaration.type !== 'TSInterfaceDeclaration' || !MANUAL.test(declaration.id.name)) return
      for (const member of declaration.body.body) {
        if (isDocumented(source, member)) continue
        const name = `${declaration.id.name}.${member.key ? source.getText(member.key) : '()'}`
        context.report({ node: member, messageId: 'option', data: { name } })
      }
    }

    function checkExport(node) {
      const { declaration } = node
      if (!declaration) return
      const [name] = namesOf(declaration)
      if (!isDocumented(source, node) && !isFurtherOverload(source, node, name)) {
        context.report({ node, messageId: 'export', data: { name } })
      }
      checkOptions(declaration)
    }

    return {
      'Program > ExportNamedDeclaration': checkExport,
      'Program > ExportDefaultDeclaration': checkExport,
    }
  },
}
