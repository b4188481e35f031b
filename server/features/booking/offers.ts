// What a stop can offer to whom, and what is near.
export * from '../../domain/tours/near.ts';
export * from '../../domain/tours/offers.ts';
