/*
 * What people say, as speech recognition or a keyboard writes it: Hindi, English and both, in Devanagari and Latin letters.
 */

/** Never again. */
export const wishes = `
mujhe phone mat kijiyega please
bhaiya call mat kijiye
aap log mujhe call mat karo bas
call mat kro yaar
call mt kijiye sir
fon mat karo mujhe
phon mt kro
kol mat karo bhai
mujhko call mat kariyega
hum ko phone mat kariye
humein call na karein kripya
mere ko call na kiya karo
madam ji call mat kiya kijiye
call mat kar yaar
phone mat kar bhai
mat kar phone yaar
mat karna call mujhe
mat kijiye phone
phone karna mat please
call karo mat bhai
call karna nahi
call bilkul mat karna
ek baar bola na call mat karo
kitni baar bolu phone mat karo
das baar bola hai call mat karo
suno mujhe phone mat karo samjhe
loan nahi chahiye, phone mat karo
kuch nahi chahiye dobara phone mat karna
is number pe phone mat karna
is number par call na kare
ispe call mat karo ye office ka number hai
mere number par call mat kijiye
call mat karna kabhi
kabhi bhi call mat karo
phir kabhi phone mat karna
phir se call mat karna
dobara kabhi phone mat kijiyega
aage se mujhe call mat karna
aaj se call mat karo
aaj ke baad phone mat karna
ab se phone mat karo
iske baad call mat kijiye
ab mujhe phone mat karna
aainda call mat karna
har roz call mat karo
roz roz phone mat karo
roz phone mat kiya karo
har samay call mat karo
din raat call mat karo
kisi bhi waqt call mat karo
24 ghante phone mat karo
din mein dus call mat karo
hafte mein teen baar call mat karo
pehle bhi mana kiya tha call mat karo
maine kal mana kiya tha phone mat karo
kal bhi bola tha phone mat karna
call mat karo maine pehle bhi bola tha
phone mat karo kal bhi kaha tha
subah se paanch call aa chuke hain, call mat karo
aaj subah bhi aapka call aaya tha, mujhe call mat karo
abhi se phone mat karna
mera time waste mat karo, call mat karo
good morning, please do not call me
main office mein baitha hoon aur dobara call mat karna
mere office mein phone mat karo
call karna band kijiye
call karna band kar do yaar
phone karna bandh karo
calling band karo
aap log calling band kar dijiye
ye sab call band karo
in calls ko band karo
call aani band honi chahiye
mujhe call aana band ho jaye
phone aana band hona chahiye
band karo ye phone karna
band kar do call karna
call karna rok dijiye
phone karna chhod dijiye
call karna chodo
bas karo phone karna
roz ka phone band karo
pareshan mat kariye
mujhe pareshan na karo
pareshan karna band kijiye
tang karna band karo
mujhe tang mat kiya karo
call karke pareshan mat karo
disturb mat kijiye
disturb karna chhodo
bar bar disturb karte ho band karo
mera picha chhodo
peecha chhod do
mujhe akela chhod do
aapka call nahi chahiye
mujhe aapke calls nahi chahiye bhai
koi call nahi chahiye
mujhe koi phone call nahi chahiye
aapki koi call nahi chahiye mujhe
dobara call nahi aani chahiye
mujhe phone nahi aana chahiye
call nahi karna mujhe
mujhe call nahi karne ka
phone nahi karneka bhai
call nako
mala call nako
mala phone karu naka
phone nakko karo miya
robot se phone mat karao
machine se call mat karwao
mujhe phone karne ki zarurat nahi
aapko call karne ki koi jaroorat nahi hai
call ki koi zaroorat nahi
mera number hatao
mera number hata dijiye system se
apne record se mera number hata do
mera naam nikal do list se
list se mera naam kaat do
list se hatao mujhe
mera number nikaal dijiye
mera number kaat do list se
mera number mita do
mera number delete karo
delete kar do mera number
remove karo mera number
mera number block kar dijiye
block kar do mera number
mujhe block kar do
mera number blacklist kar do
mujhe is list se nikalo
dnd laga dijiye
mera number dnd me daal do
main dnd par hoon
mujhe unsubscribe karo
unsubscribe kar do
opt out kar do mujhe
phir call kiya to police complaint karunga
dobara phone kiya to case kar dunga
agar phir call aaya to complaint karunga
ab call kiya to police mein jaunga
agar mujhe call kiya to shikayat kar dunga
main apni sahmati wapas leta hoon
call karne ki permission nahi hai
mujhe call mat karo, main khud call kar lunga
call mat karo warna complaint karunga
galat number hai call mat karo
ye mera number nahi hai phone mat karo
wo mar gaye hain, call mat karo please
hello hello mujhe call mat karo
haan ji, bolo, accha nahi nahi call mat karo
message kar do par call mat karo
call mat karo message karo
मुझे फ़ोन मत करो
मुझे कॉल मत किया करो
प्लीज मुझे कॉल मत करना
भाई फोन मत कर
आप लोग फोन मत किया कीजिए
इस नंबर पर फ़ोन मत करो
दुबारा कॉल मत कीजिएगा
फिर से कॉल मत करना
कभी भी फोन मत करना
अब से कॉल मत करो
आज के बाद मुझे फोन मत करना
आइंदा फोन मत करना
हर रोज कॉल मत करो
किसी भी समय कॉल मत करो
दिन में दस बार फोन मत करो
कल भी मना किया था फोन मत करो
फोन मत करो पहले भी बोला है
मैंने पहले भी कहा था कॉल मत करो
कॉल करना बंद कर दीजिए
फोन करना छोड़ो
कॉल रोक दो
ये कॉल बंद करो
बंद करो ये कॉल करना
कॉल आना बंद होना चाहिए
परेशान करना बंद कीजिए
मुझे तंग करना बंद करो
तंग मत करो मुझे
मेरा पीछा छोड़ दो
मुझे अकेला छोड़ दो
मुझे कोई कॉल नहीं चाहिए
आपकी कॉल नहीं चाहिए
दोबारा कॉल नहीं आनी चाहिए
मुझे कॉल करने की जरूरत नहीं है
मेरा नंबर ब्लॉक कर दो
मेरा नंबर लिस्ट से निकाल दो
मेरा नाम काट दो लिस्ट से
लिस्ट से मेरा नाम हटा दो
नंबर डिलीट कर दीजिए
मेरा नंबर हटाओ
डीएनडी लगा दीजिए
मुझे संपर्क मत कीजिए
दोबारा कॉल किया तो शिकायत कर दूंगा
अगर फिर कॉल किया तो पुलिस में शिकायत करूंगा
डू नॉट कॉल मी अगेन
डोंट कॉल मी प्लीज
डोन्ट कॉल दिस नंबर
नेवर कॉल मी
स्टॉप कॉलिंग
प्लीज स्टॉप कॉलिंग मी
प्लीज डू नॉट डिस्टर्ब मी
लीव मी अलोन प्लीज
रिमूव माय नेम
प्लीज रिमूव माय नंबर
अनसब्सक्राइब करो
मुझे अनसब्सक्राइब कर दो
नो मोर कॉल्स
please don't phone me
please do not ring this number
do not ever ring me
don't you ever call me
don't try to call me again
do not bother to call again
I am telling you do not call
I told you last week not to call me
I told you this morning not to call me
I already said don't call me
how many times have I said don't call
this is the third time, don't call me
you are wasting my time, do not call
don't call me again, not today and not tomorrow
don't call me anymore, I am busy
never ever call this number
you must not call me
you should never call me again
you are not allowed to call this number
you have no right to call this number
could you please not call me
would you kindly not call me again
can you stop calling me please
will you stop these calls
why don't you stop calling me
why can't you stop calling me
stop making these calls
stop giving me calls
stop with the calls
stop phoning me
stop ringing me
stop contacting me
stop bothering me
stop spamming me
stop calling my office
stop calling me at work
stop calling me every single day
stop calling in the middle of the night
just stop calling
quit calling
quit bothering me
cease all calls
end all calls to me
no calls
no calls ever
no more calling
no further calls please
no more of your calls
I don't want calls
I don't want your calls
I do not want any call from you
I don't want to be called
I don't want to be contacted again
I don't wish to receive calls
we do not need these calls
I don't want you calling me
I am driving and I don't want these calls
I don't like these calls
I do not consent to these calls
you don't have my permission to call me
I withdraw my permission
I revoke my consent
I am taking back my consent
take my name off the list
take me off this list please
get me off your list
strike my name off your list
remove me from your system
remove me from this
please remove me
remove my contact
remove this number from your list
delete my number from your database
delete me from your list
delete my data
forget my number
block me
please block my number
add me to the do not call list
put my number in DND
register my number on do not call
my number is on DND
I am on DND
do not disturb me
please don't bother me
don't harass me
leave us alone
just leave me alone
opt me out please
I would like to opt out
opt-out
un-subscribe me
if you call again I will complain
if you call me one more time I will go to the police
call me again and I will sue you
I will complain if you call me again
don't call me, sir
please don't call me sir
don't call me, text me
don't message or call me
don't text me and don't call me
bhaiya aap mujhe roz call karte ho please mat kiya karo
hum nahi chahte ki aap hamein call karein
main nahi chahta ki aap mujhe call karo
mujhe nahi chahiye aapki koi bhi call
mujhe aap log ki call bilkul nahi chahiye
मैं नहीं चाहता कि आप मुझे कॉल करें
मुझे आपके फोन नहीं चाहिए
कृपया मुझे दोबारा संपर्क न करें
अब आगे से मुझे कॉल मत कीजिएगा
आप बार बार फोन क्यों करते हैं मत किया कीजिए
मुझे बार बार फोन करके परेशान मत कीजिए
बंद कीजिए ये कॉल
बंद करो कॉल करना
बस करो यार कॉल करना
मेरे नंबर पर कॉल मत किया करो
इस नंबर पर दोबारा कॉल मत करना
अपने सिस्टम से मेरा नंबर हटा दीजिए
मेरा नंबर अपने डेटाबेस से डिलीट कर दो
यह नंबर मेरा नहीं है, कॉल मत कीजिए
मेरा नंबर किसी लिस्ट में मत रखो, कॉल मत करो
call nahi chahiye bola na
ek baar mana kar diya na dobara phone mat karo
tumko samajh nahi aata kya phone mat karo
tum logo ko kitni baar mana kiya hai call mat karo
maine mana kiya tha na call karne se
maine call karne se mana kiya tha
aapko call karne se mana kiya hai
don't waste my time, don't call
hey listen do not call me ok
look just don't call me okay
I'd rather you didn't call me
I would prefer not to be called
I prefer not to receive calls
please refrain from calling me
please avoid calling me
kindly desist from calling
discontinue these calls
stop all future calls
no future calls please
not interested take me off
remove me from all lists
please take my details off your system
please take me out of your list
please delete me
erase my number
get lost and don't call
don't call me for anything
don't call me about this loan
don't call me regarding this
don't call me from this number
don't call me from any number
do not call me for loan again
don't call for this
don't call any more please
mujhe ye sab calls se hata do
inhe bol do call na kare
apne logon se bolo mujhe call na karein
apni team ko bolo mujhe call na kare
please note do not call
mark me do not call
mark my number as do not call
put dnd on my number
activate dnd
dnd activate karo
dnd chalu karo mere number pe
main dnd chahta hu
i have dnd activated on my number
i have registered for dnd why are you calling
`.trim().split("\n");
