/**
 * `holdfast/simulator/storybook`: networks for stories, and the toolbar and the panel that play them. In `main`:
 * `addons: ['holdfast/simulator/storybook']`.
 */
export { createNetworkStage } from './stage.js'
export type { NetworkStage, StageContext, StageOptions } from './stage.js'
export type { SceneSetting } from './scene.js'
export type { Watched } from './recorder.js'
export type { NetworkParameters } from './preview.js'
export { networkScenarios, scenarioOf, type NamedScenarios } from './own-scenarios.js'
export { globalTypes, initialGlobals, type NetworkChoice } from './toolbar.js'
