import type { Language } from "../domain/definition.ts";

/** Sentences the agent says without asking the model. */
export interface Phrases {
  /** The callee has been silent. */
  stillThere: string;
  /** The reply takes long. */
  oneMoment: string;
  /** The reply takes very long. */
  sorryTrouble: string;
  /** Nothing works any more. */
  callBackGoodbye: string;
  goodbye: string;
  /** The person does not want calls, and that is now written down. */
  optedOutGoodbye: string;
  /** The agreed length of the call is used up. */
  timeUpGoodbye: string;
}

const phrases: Readonly<Record<Language, Phrases>> = {
  "en-IN": {
    stillThere: "Hello, are you there?",
    oneMoment: "One moment, please.",
    sorryTrouble: "I am sorry, this is taking a little longer.",
    callBackGoodbye: "I am sorry, we have a technical problem. We will call you back. Goodbye.",
    goodbye: "Thank you for your time. Goodbye.",
    optedOutGoodbye: "I understand. We will not call you again. Sorry for the trouble. Goodbye.",
    timeUpGoodbye: "I have to end the call here. Thank you for your time. Goodbye.",
  },
  "hi-IN": {
    stillThere: "हेलो, क्या आप सुन रहे हैं?",
    oneMoment: "एक मिनट, कृपया।",
    sorryTrouble: "माफ़ कीजिए, थोड़ा समय लग रहा है।",
    callBackGoodbye: "माफ़ कीजिए, हमें एक तकनीकी समस्या आ रही है। हम आपको फिर कॉल करेंगे। नमस्ते।",
    goodbye: "आपके समय के लिए धन्यवाद। नमस्ते।",
    optedOutGoodbye: "ठीक है। अब हम आपको कॉल नहीं करेंगे। असुविधा के लिए माफ़ी चाहते हैं। नमस्ते।",
    timeUpGoodbye: "मुझे कॉल यहीं समाप्त करनी होगी। आपके समय के लिए धन्यवाद। नमस्ते।",
  },
  "ta-IN": {
    stillThere: "ஹலோ, நீங்கள் கேட்கிறீர்களா?",
    oneMoment: "ஒரு நிமிடம், தயவுசெய்து.",
    sorryTrouble: "மன்னிக்கவும், சற்று நேரம் ஆகிறது.",
    callBackGoodbye: "மன்னிக்கவும், தொழில்நுட்பச் சிக்கல் உள்ளது. மீண்டும் அழைக்கிறோம். வணக்கம்.",
    goodbye: "உங்கள் நேரத்திற்கு நன்றி. வணக்கம்.",
    optedOutGoodbye: "சரி. இனி உங்களை அழைக்க மாட்டோம். சிரமத்திற்கு மன்னிக்கவும். வணக்கம்.",
    timeUpGoodbye: "அழைப்பை இங்கே முடிக்க வேண்டும். உங்கள் நேரத்திற்கு நன்றி. வணக்கம்.",
  },
  "te-IN": {
    stillThere: "హలో, మీరు వింటున్నారా?",
    oneMoment: "ఒక్క నిమిషం, దయచేసి.",
    sorryTrouble: "క్షమించండి, కొంచెం సమయం పడుతోంది.",
    callBackGoodbye: "క్షమించండి, సాంకేతిక సమస్య వచ్చింది. మేము మళ్ళీ కాల్ చేస్తాము. నమస్కారం.",
    goodbye: "మీ సమయానికి ధన్యవాదాలు. నమస్కారం.",
    optedOutGoodbye: "సరే. ఇకపై మీకు కాల్ చేయము. అసౌకర్యానికి క్షమించండి. నమస్కారం.",
    timeUpGoodbye: "కాల్ ఇక్కడ ముగించాలి. మీ సమయానికి ధన్యవాదాలు. నమస్కారం.",
  },
  "mr-IN": {
    stillThere: "हॅलो, तुम्ही ऐकत आहात का?",
    oneMoment: "एक मिनिट, कृपया.",
    sorryTrouble: "माफ करा, थोडा वेळ लागत आहे.",
    callBackGoodbye: "माफ करा, तांत्रिक अडचण आली आहे. आम्ही पुन्हा फोन करू. नमस्कार.",
    goodbye: "तुमच्या वेळेबद्दल धन्यवाद. नमस्कार.",
    optedOutGoodbye: "ठीक आहे. यापुढे आम्ही तुम्हाला फोन करणार नाही. त्रासाबद्दल क्षमस्व. नमस्कार.",
    timeUpGoodbye: "मला फोन इथेच थांबवावा लागेल. तुमच्या वेळेबद्दल धन्यवाद. नमस्कार.",
  },
  "bn-IN": {
    stillThere: "হ্যালো, আপনি কি শুনছেন?",
    oneMoment: "এক মিনিট, অনুগ্রহ করে।",
    sorryTrouble: "দুঃখিত, একটু সময় লাগছে।",
    callBackGoodbye: "দুঃখিত, প্রযুক্তিগত সমস্যা হচ্ছে। আমরা আবার ফোন করব। নমস্কার।",
    goodbye: "আপনার সময়ের জন্য ধন্যবাদ। নমস্কার।",
    optedOutGoodbye: "ঠিক আছে। আমরা আর আপনাকে ফোন করব না। অসুবিধার জন্য দুঃখিত। নমস্কার।",
    timeUpGoodbye: "আমাকে এখানেই কল শেষ করতে হবে। আপনার সময়ের জন্য ধন্যবাদ। নমস্কার।",
  },
  "gu-IN": {
    stillThere: "હેલો, તમે સાંભળો છો?",
    oneMoment: "એક મિનિટ, કૃપા કરીને.",
    sorryTrouble: "માફ કરશો, થોડો સમય લાગી રહ્યો છે.",
    callBackGoodbye: "માફ કરશો, તકનીકી સમસ્યા આવી છે. અમે ફરી ફોન કરીશું. નમસ્તે.",
    goodbye: "તમારા સમય માટે આભાર. નમસ્તે.",
    optedOutGoodbye: "ઠીક છે. હવે અમે તમને ફોન નહીં કરીએ. તકલીફ બદલ માફ કરશો. નમસ્તે.",
    timeUpGoodbye: "મારે ફોન અહીં પૂરો કરવો પડશે. તમારા સમય માટે આભાર. નમસ્તે.",
  },
  "kn-IN": {
    stillThere: "ಹಲೋ, ನೀವು ಕೇಳುತ್ತಿದ್ದೀರಾ?",
    oneMoment: "ಒಂದು ನಿಮಿಷ, ದಯವಿಟ್ಟು.",
    sorryTrouble: "ಕ್ಷಮಿಸಿ, ಸ್ವಲ್ಪ ಸಮಯ ಆಗುತ್ತಿದೆ.",
    callBackGoodbye: "ಕ್ಷಮಿಸಿ, ತಾಂತ್ರಿಕ ತೊಂದರೆ ಆಗಿದೆ. ನಾವು ಮತ್ತೆ ಕರೆ ಮಾಡುತ್ತೇವೆ. ನಮಸ್ಕಾರ.",
    goodbye: "ನಿಮ್ಮ ಸಮಯಕ್ಕೆ ಧನ್ಯವಾದಗಳು. ನಮಸ್ಕಾರ.",
    optedOutGoodbye: "ಸರಿ. ಇನ್ನು ಮುಂದೆ ನಿಮಗೆ ಕರೆ ಮಾಡುವುದಿಲ್ಲ. ತೊಂದರೆಗೆ ಕ್ಷಮಿಸಿ. ನಮಸ್ಕಾರ.",
    timeUpGoodbye: "ಕರೆಯನ್ನು ಇಲ್ಲಿಗೆ ಮುಗಿಸಬೇಕಾಗಿದೆ. ನಿಮ್ಮ ಸಮಯಕ್ಕೆ ಧನ್ಯವಾದಗಳು. ನಮಸ್ಕಾರ.",
  },
  "ml-IN": {
    stillThere: "ഹലോ, നിങ്ങൾ കേൾക്കുന്നുണ്ടോ?",
    oneMoment: "ഒരു നിമിഷം, ദയവായി.",
    sorryTrouble: "ക്ഷമിക്കണം, അൽപ്പം സമയമെടുക്കുന്നു.",
    callBackGoodbye: "ക്ഷമിക്കണം, സാങ്കേതിക തകരാറുണ്ട്. ഞങ്ങൾ വീണ്ടും വിളിക്കാം. നമസ്കാരം.",
    goodbye: "നിങ്ങളുടെ സമയത്തിന് നന്ദി. നമസ്കാരം.",
    optedOutGoodbye: "ശരി. ഇനി ഞങ്ങൾ നിങ്ങളെ വിളിക്കില്ല. ബുദ്ധിമുട്ടിന് ക്ഷമിക്കണം. നമസ്കാരം.",
    timeUpGoodbye: "കോൾ ഇവിടെ അവസാനിപ്പിക്കണം. നിങ്ങളുടെ സമയത്തിന് നന്ദി. നമസ്കാരം.",
  },
  "pa-IN": {
    stillThere: "ਹੈਲੋ, ਕੀ ਤੁਸੀਂ ਸੁਣ ਰਹੇ ਹੋ?",
    oneMoment: "ਇੱਕ ਮਿੰਟ, ਕਿਰਪਾ ਕਰਕੇ।",
    sorryTrouble: "ਮਾਫ਼ ਕਰਨਾ, ਥੋੜ੍ਹਾ ਸਮਾਂ ਲੱਗ ਰਿਹਾ ਹੈ।",
    callBackGoodbye: "ਮਾਫ਼ ਕਰਨਾ, ਤਕਨੀਕੀ ਸਮੱਸਿਆ ਆ ਗਈ ਹੈ। ਅਸੀਂ ਫਿਰ ਕਾਲ ਕਰਾਂਗੇ। ਸਤ ਸ੍ਰੀ ਅਕਾਲ।",
    goodbye: "ਤੁਹਾਡੇ ਸਮੇਂ ਲਈ ਧੰਨਵਾਦ। ਸਤ ਸ੍ਰੀ ਅਕਾਲ।",
    optedOutGoodbye: "ਠੀਕ ਹੈ। ਹੁਣ ਅਸੀਂ ਤੁਹਾਨੂੰ ਕਾਲ ਨਹੀਂ ਕਰਾਂਗੇ। ਖੇਚਲ ਲਈ ਮਾਫ਼ੀ। ਸਤ ਸ੍ਰੀ ਅਕਾਲ।",
    timeUpGoodbye: "ਮੈਨੂੰ ਕਾਲ ਇੱਥੇ ਹੀ ਖ਼ਤਮ ਕਰਨੀ ਪਵੇਗੀ। ਤੁਹਾਡੇ ਸਮੇਂ ਲਈ ਧੰਨਵਾਦ। ਸਤ ਸ੍ਰੀ ਅਕਾਲ।",
  },
};

/** The sentences in one language. */
export function phrasesIn(language: Language): Phrases {
  return phrases[language];
}

/** The language's English name, as the model is told it. */
export const languageNames: Readonly<Record<Language, string>> = {
  "hi-IN": "Hindi",
  "en-IN": "English",
  "ta-IN": "Tamil",
  "te-IN": "Telugu",
  "mr-IN": "Marathi",
  "bn-IN": "Bengali",
  "gu-IN": "Gujarati",
  "kn-IN": "Kannada",
  "ml-IN": "Malayalam",
  "pa-IN": "Punjabi",
};
