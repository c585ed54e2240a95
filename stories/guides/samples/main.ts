import { createApp } from 'vue'
import App from './App.vue'
import { net } from './shop.js'

createApp(App).use(net.plugin).mount('#app')
