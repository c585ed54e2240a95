import { comparePictures } from './story-pictures.js'

comparePictures(
  'stories',
  (title) => !title.startsWith('Components/') && !title.startsWith('What people see/'),
)
