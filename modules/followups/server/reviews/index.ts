import { serve } from '@renxin/server'
import { reviewsApi } from '../../contract.ts'
import { correctTask, mendTask } from './correct.ts'
import { acceptTask, getReview, returnTask } from './review.ts'

export const reviewRoutes = serve(reviewsApi, { review: getReview, acceptTask, returnTask, correctTask, mendTask })
