import '@renxin/ui/style.css'
import './sign-in/sign-in.css'
import { createRoot } from 'react-dom/client'
import { Root } from './Root.tsx'

const place = document.getElementById('root')
if (place) createRoot(place).render(<Root />)
