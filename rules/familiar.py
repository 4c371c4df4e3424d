"""Which words and names are so familiar that to meet them in two texts says nothing?

The words of courtesy and of school days in English, and names that many people bear. In
other languages no word is familiar: there, fewer words in a row are taken for somebody's.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FAMILIAR_WORDS = _words(
    """
    a able about above absence absent absolutely accident account across additional address
    adhd afraid after afternoon afternoons again against age agree agreed all allergies
    allergy allowed along already also although always am among amount an and annual another
    answer answered antibiotics any anybody anyone anything anyway apologies apologise
    apology app apparently appointment appointments appreciate april are aren arm around
    arrange art as ask asked asking asks asleep assemblies assembly assistant at attached
    attachment attend attendance attending august author authorised autism autumn
    availability available aware away baby back bad bag bags bath bathroom be because bed
    bedtime been before began begin begins behaved behaving behaviour behind being below
    best better between big bike bin biscuit bit black bless blue board book bookbag books
    boots borrow borrowed both bother bottle bottles bottom box boy boys brain break
    breakfast breaks brilliant bring bringing broke brother brothers brought brown bug bus
    busy but button buy by cake cakes call called calling came can cannot car card cardigan
    cards care carer carers carry case cash cat catch certainly certificate chair chance
    change changed changes changing chapter chat check checked cheers chess child children
    choice choose chosen christmas church class classes classroom clever clinic closed
    clothes club clubs coach coat coats cold collect collected collecting collection colour
    com come comes coming computing concern concerned concerns concert confidence confident
    confirm confirmed consent contact contacted copies copy correct cos costume costumes
    cough could couldn course court cousin cousins cream cricket cried cross crying d dad
    daddy dads daily dance date daughter day days dead dear december definitely delighted
    dentist desk detail details diagnosis diary did didn die died different dinner dinners
    discuss discussed division diwali do doctor does doesn dog doing don done door down dr
    drama drawer drawn drive drop dropped drops during dyslexia each ear earlier early earth
    easier easter easy eat eating eats effort ehcp eid eight either eleven else email emails
    end ended ending ends english enjoy enjoyed enjoying enjoys enough even evening evenings
    ever every everyone everything exam example exams excellent extra eye eyes face fair
    families family fantastic farm fat father february feel feels fell fetch fete fever few
    field fifteen fifty file files filled find finding finds fine finish finished finishes
    first five flat flights floor flu focus focused folder food football for forest forgot
    form forms fortnight forty forward found four fractions free friday fridays friend
    friendly friends friendship from front full funny further game games gate gates gave
    geography get gets getting girl girls give given gives glad gloves go god goes goggles
    going gone good got gp grade grades grandad grandma great green grey group groups gutted
    gym had hadn hair half hall hamster hand handed hands hanukkah happy hard harder hardest
    harvest has hasn hat have haven having he head headteacher hear heard hearing heart held
    hello help helped helping her here herself hi him himself his history hiya hold holding
    holiday holidays home hometime homework hope hospital hot hour hours house how however
    hundred husband i ice if ill improve improved improvement improving in infection
    information inhaler inside instead into iphone iron is ish isn issue issues it its ive
    january join joke july jumper june just keep keeping keeps kept kid kids killing kind
    kindly kit kitchen knee knew know known knows label labelled lad lady lane large last
    late later latest laughed laughing lead learn learned learner learning learnt leave
    leaving left leg less lesson lessons let lets letter letters letting library like liked
    likes line lines link list listen literacy little live ll login lol long longer look
    looked looking looks lost lot loud love lovely lunch lunchbox lunches lunchtime lying m
    machine made mail mailbox mails make makes making man manage many march mark marked
    marking marks maths max may maybe me mean meant medicine meet meeting meetings member
    message messages might mill mind mine minibus mins minute minutes miss missed missing
    model monday money monitored months more morning mornings mosque most mother mountain
    moved mr mrs much multiplication mum mummy mums museum music must mustn my myself name
    named names nan nativity nd nearly need needed needs netball never new news newsletter
    next nice night nights nine no nobody nor normal not note nothing nov november now
    number numbers numeracy nurse o oak october of off offered office often ok okay old on
    one ones online only onto open opens or orange order original orthodontist ot other
    others our ours out outside over own p packed page pages paid pair pairs paper parent
    parents park part parties partner partners party password past pay paying payment
    payments pe peg pen pence people performance permission person phone phonics photo
    photos pick picked picking picture pictures pieces pink place places plan planned
    planner planning plans plaster play playground plays playtime please pleased pleasure
    pls pm pocket poem poems police polite pool poorly pop poppy possible poster pound
    pounds practice practise practised practising previous primary problem problems progress
    project projects proper property proud pupil pupils purple put puts quarter question
    questions quick quiet quite quiz r race rain rainy ramadan rang rather re read reading
    reads ready really reception record records recovered recovery red regards register
    registration rehearsal rehearsals reminder reply report residential rest return returned
    returning review right ring river road room round row rugby run rung running s
    safeguarding said sale sam same sat sats saturday saw say saying says school schools
    science scooter score scores seat seated seating second see seeing seem seen sees senco
    send sending sent september seven shall share shared shares sharing she shed sheet
    sheets shelf shes shift shirt shoes short shorts should shouldn shouting show showed
    shower showing shown shows shut sick sickness side sign signed signing since sincerely
    single sir sister sisters sit sits sitting six size skirt sky sleep sleeps slept slip
    slips slot slots small snack snacks snow so social socks sofa some somebody someone
    something sometimes somewhere son soon sooner sorry spare speak speaking speech spelling
    spellings spent spoke spoken sports spring st staff stairs stand standing star start
    started starting starts stay stepdad stick still stood stop stopped stopping stories
    story stuck student students subject such summer sun sunday sunny super support sure
    swap swim swimming t ta table tables tablet take taken takes taking talk talked talking
    target targets tea teacher teachers team tears teddy tell telling tells temperature
    temple ten tennis term terms test tests th than thank thanks that the theatre their them
    then therapist there therefore these they thick thing things think thinks third thirteen
    thirty this those though thought three throat through thursday thx tickets tie tights
    til till time times timetable to today toilet told tomorrow tonight too took top topic
    topics touch toward towards towel tractor train trainers tried tries trip trips trouble
    trousers try trying tues tuesday tummy turn turned twelve twenty twice two typing u
    unauthorised under understand understood uniform unit units unless unsubscribe until
    unwell up upset ur urgent us use used uses using usual usually van ve very video visit
    visits voice w waiting walk walking wall want wanted wants was washing wasn water way we
    wear wearing wears weather website wed wednesday weds week weekday weekend weekends
    weekly weeks welcome well wellies went were weren what when where whether which while
    white who whoever whole whom whose why will winter wishes with within without won word
    words work workbook worked working works worksheet worksheets world worn worried worry
    worrying worse worth would wouldn write writer writes writing written wrong wrote year
    years yellow yes yesterday yet you young your yours zoo
    """
)

FAMILIAR_NAMES = _words(
    """
    aaron abdul abigail adam adams adrian ahmed aidan aisha alan alex alexander alexandra
    alfie ali alice alisha allen amelia amina amir amy anderson andrea andrew angela anita
    anna anne anthony arthur asha austin ava bailey baker barnes begum bell bella ben
    benjamin bennett beth bethany billy blake bob bobby bradley brandon brian brown butler
    caleb callum cameron campbell carl carol caroline carter catherine chapman charles
    charlie charlotte chloe chris christian christine christopher claire clara clark clarke
    collins connor cook cooper cox craig daisy daniel danny darcy david davies davis dawn
    dean debbie dennis diana dixon dominic donna dylan edward edwards eleanor elena elijah
    elizabeth ella ellie elliot ellis emilia emily emma erin ethan eva evans eve evelyn evie
    faith fatima finlay fisher florence foster fox frances francis frank freddie freya
    gabriel gareth gary gemma george georgia gibson gill gordon grace graham gray green
    griffiths hall hamza hannah harriet harris harrison harry harvey hassan hayley heather
    helen henry hill holly holmes hope hugh hughes hugo hunt hunter hussain ian ibrahim
    imogen iris isaac isabel isabella isabelle isla ivy jack jackson jacob jade jake james
    jamie jan jane janet jasmine jason jay jayden jean jenkins jennifer jenny jessica jill
    jim jo joan joanna joanne joe joel john johnson jon jonathan jones jordan joseph josh
    joshua joy jude judith julia julian julie june justin kai kara karen kate katherine
    kathryn katie kaur keith kelly ken kennedy kevin khalid khan kim king kirsty knight kyle
    laura lauren layla leah lee leo leon lewis liam lily linda lisa lloyd logan lola louie
    louis louise luca lucas lucy luke lydia maisie marcus margaret maria mariam mark
    marshall martin mary maryam mason matilda matthew matthews max maya megan mia michael
    michelle mike millie mills mitchell mohamed mohammad mohammed molly moore morgan morris
    muhammad murphy murray nadia naomi natalie nathan neil niamh nicholas nick nicola nicole
    nigel nina noah nora oliver olivia omar oscar owen palmer parker pat patel patricia
    patrick paul paula perry peter phil philip phillips phoebe poppy powell price rachel
    ralph ray rebecca reece reuben rhys richard richards richardson riley rita robert
    roberts robin robinson roger rogers ronnie rory rosa rose rosie ross roy ruby russell
    ruth ryan sally sam samantha samir samuel sandra sara sarah scarlett scott sean
    sebastian shah shannon sharon shaun shaw sian simon simpson singh skye smith sofia sonia
    sophia sophie stacey stanley stella stephanie stephen steve steven stevens stewart
    stuart summer susan suzanne sylvia tara taylor ted teddy teresa theo theodore thomas
    thompson thomson tilly tim toby tom tommy tony tracey turner tyler victor victoria
    violet walker walsh ward watson watts wayne webb wendy west white wilkinson will william
    williams williamson willow wilson wood woods wright xavier yasmin young yusuf zac zach
    zain zara zoe
    """
)
