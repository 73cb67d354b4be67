/* What people say that is no opt-out, as speech recognition or a keyboard writes it. */

/** A wish about the hour: call back, but not then. */
export const otherHours = `
abhi phone mat karo
abhi call mat karo baad mein karna
abhi busy hoon call mat karo
main meeting mein hoon, call mat karo
main gaadi chala raha hoon call mat karo
kal phone mat karna parso karna
aaj phone mat karo kal karo
subah call mat karo shaam ko karo
raat ko call mat kiya karo
lunch ke time phone mat kiya karo
office time me phone mat karo
9 baje se pehle phone mat karo
shaam se pehle call mat karna
kal tak call mat karo
sunday ko phone mat karna
itwar ko call mat kijiye
dopahar mein disturb mat karo
abhi disturb mat karo
call mat karo abhi
phone mat karo aaj
अभी फोन मत करो
आज कॉल मत करना कल करना
रात को कॉल मत कीजिए
सुबह फोन मत करना शाम को करना
मैं मीटिंग में हूं कॉल मत करो
अभी डिस्टर्ब मत करो
रविवार को फोन मत करना
डोंट कॉल मी नाउ
don't call me tonight
don't call now
please don't call me at night
do not call before 10 am
don't call me during office hours
don't call on weekends
I'm busy don't call me now
do not disturb me today
don't call, call me on Monday
please do not call me this week
I don't want calls at night
no calls today please
`.trim().split("\n");

/** Nothing of the kind. */
export const otherTalk = `
haan ji boliye
kaun bol raha hai
theek hai kal de dunga
mujhe kal call karna
shaam ko call karo
baad mein call karna
thodi der baad phone karo
do ghante baad phone kijiye
mujhe phone kar lena
call karo na please
phone karo na yaar
haan call kar sakte ho
call karte rehna
mujhe dobara call karo
phir se call karna
dobara phone karna
kabhi bhi call kar lena
kisi bhi time call karo
roz call karo mujhe
aap call kyun nahi karte
aapne phone kyun nahi kiya
mujhe call kyun nahi kiya
aapka call nahi aaya
mujhe koi phone nahi aaya
maine call nahi kiya
maine phone nahi uthaya
main call nahi kar paya
main abhi call nahi kar sakta
phone nahi lag raha
call nahi lag rahi hai
phone band tha mera
mera phone kharab hai
mera phone band ho gaya tha
call cut ho gayi thi
call mat kaatna
phone mat kaato please
call mat kaatiye main bata raha hoon
phone mat rakhna
phone rakho mat
call band mat karo
phone band mat karna
call karna band mat karna
call karna mat bhoolna
phone karna mat bhulna
call karna na bhule
call karna mat chhodo
mera number mat hatana
mera number mat hatao list se
mera number block mat karo
number delete mat karna
list se mat hatana
unsubscribe mat karo
unsubscribe nahi karna hai
mujhe unsubscribe nahi karna
mera number badal gaya hai
naya number note karo
mera number kisi ko mat dena
mera account number hata do
loan se mera naam hata do
mera card block kar do
mera account band karo
EMI band karo
auto debit band kar do
loan band karna hai
mandate cancel kar do
payment mat karo
payment nahi karna hai
ab payment nahi karna hai
ab mujhe nahi karna hai
paisa mat kaato
sms mat bhejo
message mat karo phone karo
message mat karo call karo mujhe
whatsapp mat karo call karo
email mat karo call kar lena
hindi me call karo english me mat karo
english mein call mat karo hindi mein karo
mere bhai ko mat karo mujhe call karo
sabko call mat karo sirf mujhe karo
kya main call band kar sakta hoon
kya main phone kaat doon
agar call nahi karoge to main nahi dunga
agar call nahi kiya to complaint karunga
tension mat lo
chinta mat kijiye
jhooth mat bolo
aisa mat karo
mat karo aisa
complaint mat karo
call record mat karo
recording mat karo
call uthaya nahi maine
phone mat uthana
nahi nahi koi baat nahi
nahi chahiye
mujhe loan nahi chahiye
interested nahi hoon
phone nahi chahiye mujhe
mujhe naya phone nahi chahiye
phone DND pe tha isliye nahi uthaya
police ka call aaya tha
कल कॉल करना
मुझे शाम को फोन करो
दोबारा कॉल करना
फोन मत काटना
कॉल मत काटो
फोन मत रखिए
कॉल करना बंद मत करना
आपने कॉल क्यों नहीं किया
मुझे कॉल नहीं आया
मैंने फोन नहीं उठाया
मेरा नंबर मत हटाना
मैसेज मत करो कॉल करो
पेमेंट नहीं करना है
चिंता मत कीजिए
अनसब्सक्राइब मत करना
डोंट वरी
नॉट इंटरेस्टेड
कॉल मी टुमॉरो
कॉल मी लेटर
please call me again
call me again tomorrow
call me back later
call me anytime
you can call me every day
please keep calling
don't stop calling
never stop calling me
I don't want you to stop calling
I never asked you to stop calling
I can't stop calling them
don't hang up
please don't end the call
do not disconnect
don't forget to call me
don't worry, call me
don't message me, call me
don't text me just call me
don't just text me, call me
don't call my wife, call me
don't call me a liar
don't call me names
don't call me madam
don't call me sir
don't call it off
don't call the police
don't call him
I don't call people
we don't call at night
I did not call you
you did not call me
you never call me
why did you not call me
why don't you call me back
if you don't call me I will complain
I got no calls from you
there were no calls
I don't want to opt out
I do not want to unsubscribe
please don't unsubscribe me
don't take me off the list
don't remove my number
do not delete my number
please don't block me
don't put me on DND
remove the charges
remove the penalty from my account
delete the old address
stop the auto debit
stop my EMI
stop recording this call
do not record this call
I don't want this call recorded
I don't want this call to be recorded
please don't charge me
don't lie to me
don't send me messages
I don't want a loan
I don't need anything
no thank you
not now
not interested
I will call you
no problem call me again
no, call me tomorrow
is this call recorded
the number you have dialed is on do not disturb
the subscriber you have called has activated DND
to stop receiving these calls press nine
all incoming calls have been stopped for this number
main abhi office mein hoon baad mein call kijiye
aap mujhe kal subah das baje call kijiye abhi main busy hoon
mujhe ek ghante baad phone karo abhi mat karo
haan mujhe loan chahiye par abhi nahi
aap mera phone number likh lijiye
mera number hai nau aath saat
aap list mein mera naam check kijiye
list bhej do
record mein kya likha hai
meri EMI band mat karo
kya aap meri complaint le sakte hain
mujhe complaint karni hai
main complaint karunga bank ki
I will complain to the bank about the charges
I want to file a complaint about my card
call the bank and block my card
please block my card
I want to cancel my policy
I want to stop my SIP
how do I stop the auto debit
can you stop the interest
please remove the penalty charges from my account number
I have stopped paying
please stop
wait stop
don't do that
I don't want to pay
I don't need a loan
I don't like your bank
I don't have money now call me next month
I can't talk now call me in the evening
I can't talk right now
sorry I can't take this call right now
this is not a good time to call
it's not a good time, please call later
I'm not the right person, call my husband
mere pati ko call kijiye
unhe call karo mujhe nahi
aap galat number pe call kar rahe ho
wrong number
ye kiska number hai
ye number kahan se mila
who gave you my number
mera number kisne diya
aap kaun si company se bol rahe ho
aap phir se bata sakte ho
dobara boliye awaaz nahi aayi
call drop ho jaye to dobara call karna
agar call kat jaye to phir se call kar lena
agar call na lage to whatsapp karo
call na lage to message karna
phone na lage to ghar aa jana
phone na uthau to message kar dena
main phone na uthaun to dobara karna
mat bhejo kisi ko ghar pe
ghar pe mat aana
mujhe dhamki mat do
chillao mat
itna mat bolo
baat mat karo aise
mujhse aise baat mat karo
aur kuch nahi chahiye
nahi abhi nahi
not today
maybe later
don't send anyone to my house
don't tell my wife
don't tell anyone about this call
please don't share my number
don't record
no no no
nahi nahi nahi
I never got a call
I never receive calls on this number
you should have called me yesterday
you could have called
why are you calling me
kyun call kar rahe ho
kis liye call kiya hai
is call ka paisa lagega kya
ye call record ho rahi hai kya
call recording band karo
recording band karo
record mat karo ye call
speaker band karo
`.trim().split("\n");
