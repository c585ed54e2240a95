/** The panel Network; who installs the package names the addon in `main` instead. */
import '../mocks/storybook/manager.js'
