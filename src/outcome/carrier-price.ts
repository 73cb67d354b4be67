import { z } from "zod";

const pricedFold = z.looseObject({ pricePaise: z.number().int().nullish() });

/** The carrier's own price, when the folded facts hold one. */
export function carrierPrice(fold: unknown): number | null {
  return pricedFold.safeParse(fold).data?.pricePaise ?? null;
}
