"""Closed word lists of English that the extraction rules rest on.

A rule that asks "is this a finite verb?" is only as good as these lists, so they hold what factual prose uses most and
say nothing of the rest: a word that is not here is taken for a noun, and the sentence stays whole.
"""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text that are separated by blanks."""
    return frozenset(text.split())


def phrase_set(text: str) -> frozenset[str]:
    """Return the phrases of a text that are separated by bars."""
    return frozenset(phrase.strip() for phrase in text.split("|"))


DETERMINERS = word_set(
    "the a an this that these those its his her their our my your some any each every no all both several many few "
    "most another other such one two three four five six seven eight nine ten more half"
)
PREPOSITIONS = word_set(
    "of in on at by for with from to into onto over under between among through during before after since until till "
    "against about around near within without across along behind beyond despite towards toward upon via per as like "
    "unlike off out up down throughout inside outside above below beneath beside besides except including regarding "
    "concerning following amid alongside than because"
)
SUBORDINATORS = word_set(
    "that which who whom whose where when if unless whether how why what while although though whereas because since "
    "after before until once as so"
)
"""Words after which a verb may belong to another clause than the main one."""
PRONOUNS = word_set("he she it they we i you this that these those there who which")
ADVERBS = word_set(
    "also then later subsequently eventually finally soon still never always often usually generally typically now "
    "currently previously formerly originally initially once twice first even just only not already rarely sometimes "
    "thus therefore however instead further again together almost nearly about approximately roughly mostly mainly "
    "primarily largely widely commonly frequently officially briefly immediately afterwards thereafter too not n't "
    "both either ever yet long well best better much more most far quite very"
)
BE = word_set("is are was were am isn aren wasn weren")
AUXILIARIES = BE | word_set(
    "has have had hasn haven hadn does do did doesn don didn will would can could may might must shall should won "
    "wouldn can cannot couldn mustn shouldn"
) - {"won"}
CONTRACTED = word_set("isn aren wasn weren hasn haven hadn doesn don didn wouldn couldn mustn shouldn")
"""Auxiliaries only before "n't": New Haven and Don are names."""
MODALS = word_set("will would can could may might must shall should cannot")
NEGATIONS = word_set(
    "not never no neither nor nobody nothing none without n't 't cannot hardly isn aren wasn weren doesn didn don"
)

_REGULAR = word_set(
    "accept account achieve acquire act adapt add address adopt advance affect aid aim air allow announce appear apply "
    "appoint approach approve argue arrest arrive assassinate assist associate attack attempt attend attract award "
    "base believe belong border calculate call cancel capture carry cause celebrate challenge change characterize "
    "circle claim classify climb code collaborate collapse collect combine command commission compare compete complete "
    "compose comprise concern conclude conduct confirm connect conquer consider consist construct contain continue "
    "contribute control convert cover crash create credit cross cultivate cure damage date debut decide declare "
    "decline decrease dedicate defeat defend define deliver demonstrate denote depart depend depict derive describe "
    "design destroy determine develop devote die differ direct discover discuss display dissolve divide divorce "
    "document dominate donate earn elect emerge employ enable encode encounter encourage end endorse enjoy enlist "
    "enroll ensure enter escape establish evaluate evolve examine exceed exhibit exist expand experience explain "
    "explore export express extend face fail feature figure film finish flee focus follow force form found fuel fulfil "
    "function fund gain generate govern graduate grant guide handle happen head help host house identify immigrate "
    "implement import impose improve include incorporate increase indicate influence inherit inhabit initiate inspire "
    "install introduce invade invent invest involve issue join kill label lack land last launch lie limit link list "
    "live locate maintain manage manufacture mark marry measure mention merge migrate mix modify move murder name need "
    "nominate note obtain occupy occur offer open operate oppose orbit order organize organise originate oversee own "
    "participate pass patent perform permit pioneer place plan play portray possess practice praise precede predict "
    "prepare present preserve prevent process produce prohibit promote propose protect prove provide publish purchase "
    "pursue qualify question rank reach react receive recognize recognise record recover reduce refer "
    "reference reflect "
    "refuse regain regard regulate reign reject relate release relocate rely remain remove rename renovate replace "
    "report represent require research reside resign resist respond restore restrict result retain retire return "
    "reveal review revolve rotate rule sail save score seem separate serve settle share shift sign signal solve span "
    "specialize specialise sponsor spread stand star start state stop stretch struggle study submit succeed suffer "
    "suggest supply support suppress surround survive symbolize tend term test threaten topple total tour track trade "
    "train transfer transform translate transmit travel treat trigger try turn unite unify use utilize value vary view "
    "visit vote warn want weigh welcome wish witness work yield facilitate store host cease deploy deny encompass "
    "boil melt burn rust evaporate dissolve absorb emit bloom hunt hibernate flow float erupt weaken strengthen attend "
    "cook taste cheer shine rain snow glow decay mine farm fish hate love like need believe collide expel convict "
    "oversee prefer refute contradict detect diagnose vaccinate infect mutate reproduce inhale exhale digest"
)
_IRREGULAR = (  # base, past, participle; the third person where it is not regular
    "become became become|begin began begun|bear bore born|beat beat beaten|break broke broken|bring brought brought|"
    "build built built|buy bought bought|catch caught caught|choose chose chosen|come came come|cost cost cost|"
    "cut cut cut|deal dealt dealt|do did done|draw drew drawn|drive drove driven|eat ate eaten|fall fell fallen|"
    "feed fed fed|feel felt felt|fight fought fought|find found found|flee fled fled|fly flew flown|forbid forbade "
    "forbidden|freeze froze frozen|get got gotten|give gave given|go went gone|grow grew grown|have had had|hear heard "
    "heard|hide hid hidden|hit hit hit|hold held held|keep kept kept|know knew known|lay laid laid|lead led led|"
    "leave left left|lend lent lent|let let let|lose lost lost|make made made|mean meant meant|meet met met|"
    "overthrow overthrew overthrown|pay paid paid|put put put|read read read|ride rode ridden|rise rose risen|run ran "
    "run|say said said|see saw seen|seek sought sought|sell sold sold|send sent sent|set set set|shoot shot shot|"
    "show showed shown|sing sang sung|sink sank sunk|sit sat sat|speak spoke spoken|spend spent spent|spin spun spun|"
    "split split split|spread spread spread|stand stood stood|steal stole stolen|strike struck struck|swim swam swum|"
    "take took taken|teach taught taught|tell told told|think thought thought|throw threw thrown|undergo underwent "
    "undergone|understand understood understood|wear wore worn|win won won|withdraw withdrew withdrawn|write wrote "
    "written"
)
_TRIPLES = tuple(tuple(entry.split()) for entry in _IRREGULAR.split("|"))


def _third_person(base: str) -> str:
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    return base[:-1] + "ies" if base.endswith("y") and base[-2] not in "aeou" else base + "s"


BASES = _REGULAR | {entry[0] for entry in _TRIPLES}
PRESENTS = frozenset(_third_person(base) for base in BASES) - {"haves"} | {"has"}
IRREGULAR_PASTS = frozenset(entry[1] for entry in _TRIPLES)
PARTICIPLES = frozenset(entry[2] for entry in _TRIPLES) - {
    "run",
    "come",
    "become",
    "let",
    "hit",
    "set",
    "put",
    "cut",
    "cost",
}
"""Irregular ones; the regular ones are recognised by their ending."""
PAST_ONLY = (
    IRREGULAR_PASTS - PARTICIPLES - word_set("read spread set put cut hit cost let split shot beat bore lay left")
)
"""Pasts that are neither participles nor anything else: finite wherever they stand."""
NOUN_LIKE = word_set(
    "acts aids aims airs accounts addresses attacks attempts awards bases borders calls causes challenges changes "
    "circles claims codes commands commissions concerns conducts controls covers crashes credits crosses cures damages "
    "dates debuts declines decreases defeats designs displays documents ends exhibits experiences exports "
    "faces features "
    "figures films focuses follows forces forms fuels functions funds gains grants guides heads hosts houses imports "
    "increases influences issues joins labels lands links lists lives limits marks measures mentions moves murders "
    "names needs notes offers orders passes patents places plans plays practices presents processes produces purchases "
    "questions ranks reaches records references reports researches results returns reviews rules sails saves scores "
    "shares shifts signs signals spans stands stars starts states stops struggles studies supplies supports "
    "tests terms "
    "tours tracks trades trains transfers travels treats triggers turns uses values views visits votes wants wishes "
    "witnesses works yields leads runs sets shows reads hits cuts costs sinks splits spreads strikes finds falls rises "
    "drives deals draws breaks builds buys means fights wears rides stores"
)
"""Third persons that are as often plural nouns."""
NOT_PAST = word_set(
    "hundred need speed indeed seed breed feed bleed weed reed creed greed deed red bed shed wed sacred naked wicked "
    "embed exceed proceed succeed kindred united limited advanced gifted talented beloved aged armed sophisticated "
    "complicated detailed unprecedented so-called unlimited related alleged mixed"
)
"""Words in -ed that are hardly ever verbs."""
INTRANSITIVE = word_set(
    "passed worked lived died moved served retired returned resided graduated participated appeared continued "
    "resigned emerged "
    "travelled traveled immigrated emigrated migrated arrived remained succeeded competed collaborated specialized "
    "specialised debuted enlisted enrolled struggled survived starred campaigned lectured performed studied taught "
    "lasted existed occurred happened collapsed escaped settled relocated joined married"
)
DITRANSITIVE = word_set("made named appointed awarded given elected called granted declared crowned sent offered")
"""Participles that keep an object in the passive: "was born in A and made a dame"."""
STATIVE = word_set(
    "located situated based known used called named considered composed made designed found characterized bordered "
    "surrounded regarded named spoken written connected associated related divided"
)
"""Participles that describe a state: "a city located in" is one that is located there, not was."""
SPEAKING = word_set(
    "say says said state states stated claim claims claimed believe believes believed argue argues argued suggest "
    "suggests suggested report reports reported announce announced think thinks thought deny denies denied"
)
CLAUSAL = word_set(
    "means meant allows allowed makes made leads led causes caused results resulted helps helped gives gave can could "
    "may might would will enables enabled explains explained contributes contributed brings brought ensures happens "
    "happened occurs occurred includes included requires required"
)
"""Verbs before which "which" may stand for the whole clause before it."""
DISCOURSE = phrase_set("""
    however | additionally | moreover | furthermore | therefore | thus | hence | consequently | also | similarly
    | likewise | finally | overall | meanwhile | nevertheless | nonetheless | instead | indeed | besides | accordingly
    | conversely | alternatively | in addition | for example | for instance | as a result | in fact | in other words
    | in contrast | by contrast | in conclusion | in summary | to summarize | on the other hand | on the one hand
    | in particular | in general | as such | at the same time | that said | of course | yes | no | so | then | well
    | actually | fortunately | unfortunately | interestingly | notably | specifically | ultimately | more specifically
    | first | second | secondly | firstly | lastly | thirdly | as mentioned earlier | as mentioned above | as mentioned
    | again | still | sure | certainly | to be precise
""")
"""What joins a sentence to the one before and says nothing itself."""
SINGULAR_IN_S = word_set(
    "physics mathematics politics economics ethics news series species genetics analysis basis crisis process business "
    "class glass mass gas bus campus virus status census consensus radius genus nucleus canvas atlas kudos chaos linux "
    "access address congress princess actress goddess progress success loss boss cross press stress mess express "
    "athletics electronics linguistics statistics aerobics thermodynamics epigenetics robotics dynamics mechanics "
    "diabetes measles rabies lens mars venus texas paris this its his as is was has thus plus us oasis thesis "
    "hypothesis "
    "synthesis photosynthesis diagnosis tennis apparatus corps headquarters"
)
NOUNS_IN_ING = word_set(
    "programming building painting engineering manufacturing writing recording operating king spring ring string "
    "wedding landing mining banking training teaching thing being housing gathering meeting marketing "
    "computing fishing "
    "publishing shipping trading nursing racing boxing swimming drawing accounting broadcasting gaming morning evening"
)
PERSON_NOUNS = word_set(
    "actor actress singer songwriter musician composer writer author novelist poet playwright journalist politician "
    "president minister senator governor mayor king queen emperor empress prince princess scientist physicist chemist "
    "biologist mathematician engineer inventor philosopher economist historian psychologist astronomer doctor "
    "physician "
    "surgeon nurse lawyer judge attorney general soldier officer admiral commander astronaut explorer player "
    "footballer "
    "basketball cricketer golfer boxer wrestler swimmer athlete coach manager driver director producer filmmaker "
    "screenwriter comedian model dancer choreographer painter sculptor artist architect designer photographer chef "
    "businessman businesswoman entrepreneur executive founder activist educator teacher professor scholar academic "
    "theologian priest bishop pope saint leader figure personality presenter host broadcaster rapper guitarist drummer "
    "pianist violinist conductor person man woman boy girl child son daughter father mother husband wife "
    "brother sister "
    "researcher engineer programmer analyst specialist developer pioneer naturalist botanist geologist "
    "linguist critic diplomat statesman monarch ruler pharaoh"
)
FEMALE_NOUNS = word_set(
    "actress queen empress princess businesswoman woman girl daughter mother wife sister goddess duchess"
)
MALE_NOUNS = word_set("king emperor prince businessman man boy son father husband brother pope statesman duke")
