import { comparePictures } from './story-pictures.js'

comparePictures('films', (title) => title.startsWith('What people see/'))
