import type { Variables } from "./variables.ts";

/** What the vendors charge, in paise; defaults are list prices of autumn 2026 at ₹90 to the dollar. */
export interface Prices {
  carrierPerMinutePaise: number;
  transcriberPerMinutePaise: number;
  voicePerThousandCharactersPaise: number;
  brainPerMillionInputTokensPaise: number;
  brainPerMillionOutputTokensPaise: number;
  /** Paise per unit of a currency the carrier bills in. */
  exchangeRates: Readonly<Record<string, number>>;
  /** The most a minute of a call can cost, all vendors together: what is reserved before dialing. */
  worstCasePerMinutePaise: number;
  /** What the vendors of the conversation, without the carrier, usually cost in a minute of talk: for looking ahead. */
  usualTalkMinutePaise: number;
}

interface Minute {
  voiceCharacters: number;
  inputTokens: number;
  outputTokens: number;
}

/** A minute in which the agent never pauses and answers every few seconds, each time reading a long conversation. */
const busiestMinute: Minute = { voiceCharacters: 1_200, inputTokens: 60_000, outputTokens: 1_500 };
/** A minute in which both talk in turn: half of it is the agent's, in eight replies. */
const usualMinute: Minute = { voiceCharacters: 450, inputTokens: 16_000, outputTokens: 500 };

export function readPrices(read: Variables): Prices {
  const prices = {
    carrierPerMinutePaise: read.PRICE_CARRIER_PER_MINUTE_PAISE,
    transcriberPerMinutePaise: read.PRICE_TRANSCRIBER_PER_MINUTE_PAISE,
    voicePerThousandCharactersPaise: read.PRICE_VOICE_PER_THOUSAND_CHARACTERS_PAISE,
    brainPerMillionInputTokensPaise: read.PRICE_LLM_PER_MILLION_INPUT_TOKENS_PAISE,
    brainPerMillionOutputTokensPaise: read.PRICE_LLM_PER_MILLION_OUTPUT_TOKENS_PAISE,
    exchangeRates: { USD: read.PRICE_USD_PAISE, INR: 100 },
  };
  return {
    ...prices,
    worstCasePerMinutePaise: Math.ceil(prices.carrierPerMinutePaise + talkMinutePaise(busiestMinute, prices)),
    usualTalkMinutePaise: Math.ceil(talkMinutePaise(usualMinute, prices)),
  };
}

function talkMinutePaise(minute: Minute, prices: Omit<Prices, "worstCasePerMinutePaise" | "usualTalkMinutePaise">): number {
  return (
    prices.transcriberPerMinutePaise +
    (minute.voiceCharacters / 1_000) * prices.voicePerThousandCharactersPaise +
    (minute.inputTokens / 1_000_000) * prices.brainPerMillionInputTokensPaise +
    (minute.outputTokens / 1_000_000) * prices.brainPerMillionOutputTokensPaise
  );
}
