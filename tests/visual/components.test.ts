import { comparePictures } from './story-pictures.js'

comparePictures('components', (title) => title.startsWith('Components/'))
