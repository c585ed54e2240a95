/** The accessibility tree as Chromium hands it to assistive technology, in lines of text. */
import type { CDPSession, Page } from 'playwright-core'

type Nodes = Awaited<ReturnType<typeof fullTree>>
type Node = Nodes[number]

const fullTree = async (session: CDPSession) => (await session.send('Accessibility.getFullAXTree')).nodes

/** Properties that are part of what is told; those that are false or say nothing are left out. */
const TOLD = [
  'disabled',
  'focused',
  'level',
  'live',
  'atomic',
  'modal',
  'valuetext',
  'settable',
  'posinset',
  'setsize',
]

/** Boxes of text are told by what they are in. */
const SILENT = ['none', 'generic', 'InlineTextBox', 'LineBreak']

function line({ role, name, description, value, properties = [] }: Node): string {
  const told = properties
    .filter((one) => TOLD.includes(one.name) && one.value.value !== false && one.value.value !== 'off')
    .map((one) => (one.value.value === true ? one.name : `${one.name}=${one.value.value}`))
  const parts = [
    role?.value as string,
    name?.value ? JSON.stringify(name.value) : '',
    description?.value ? `described ${JSON.stringify(description.value)}` : '',
    value?.value !== undefined && value.value !== '' ? `value=${value.value}` : '',
    ...told,
  ]
  return parts.filter(Boolean).join(' ')
}

/** The subtrees whose root has this role, and this name if one is given, indented. */
export async function axTree(page: Page, role: string, name?: string): Promise<string> {
  const session = await page.context().newCDPSession(page)
  const nodes = await fullTree(session)
  await session.detach()
  const byId = new Map(nodes.map((node) => [node.nodeId, node]))
  const lines: string[] = []
  const tell = (node: Node, depth: number, named: string): void => {
    const isSilent = node.ignored || SILENT.includes(node.role?.value as string)
    const isSaid = node.role?.value === 'StaticText' && node.name?.value === named
    const isTold = !isSilent && !isSaid
    if (isTold) lines.push('  '.repeat(depth) + line(node))
    for (const id of node.childIds ?? []) {
      const child = byId.get(id)
      if (child) tell(child, depth + (isTold ? 1 : 0), isTold ? String(node.name?.value ?? '') : named)
    }
  }
  const isRoot = (node: Node) =>
    node.role?.value === role && (name === undefined || node.name?.value === name)
  for (const node of nodes) if (!node.ignored && isRoot(node)) tell(node, 0, '')
  return lines.join('\n')
}
