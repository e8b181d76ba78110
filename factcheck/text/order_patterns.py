"""The wordings of `factcheck.text.orders`: blocks, commands, who is spoken to, and what orders are about."""

from __future__ import annotations

import re

_ROLE = r"(?:system|assistant|user|human|developer|admin(?:istrator)?|instructions?)"
_TAGS = r"(?:evidence|claim|draft|revised|question|passage|context|premise|hypothesis|document)"
_JUDGING = r"(?:label|verdict|stance|classification|entailment|factuality|is_true|supported)"
_GIVEN = r"(?:Claim|Statement|Hypothesis|Premise|Evidence|Input)"
_SAID = r"(?:Verdict|Label|Rating|Output|Stance|Answer)"
_I = re.IGNORECASE
ALWAYS = (
    re.compile(r"<!--.{0,4000}?(?:-->|\Z)", re.DOTALL),
    re.compile(r"<(script|style)\b.{0,4000}?(?:</\1\s*>|\Z)", re.DOTALL | _I),
    re.compile(r"<\|im_start\|>[^|]{0,2000}?<\|im_end\|>", re.DOTALL),
    re.compile(r"\[INST\][^\[]{0,2000}?\[/INST\]|<<SYS>>[^<]{0,2000}?<</SYS>>", re.DOTALL),
    re.compile(r"(?:<\|(?:im_start|system|user|assistant|start_header_id)\|>|\[INST\]|<<SYS>>)[^\n]*"),
    re.compile(rf"(?:^|(?<=\s))\#{{2,6}} ?{_ROLE}\s*:[^\n]*", _I | re.MULTILINE),
    re.compile(r"<\|\w{1,30}\|>|\[/INST\]|<</?SYS>>"),
    re.compile(rf"<{_ROLE}\b[^<>]{{0,80}}>[^<]{{0,2000}}?</{_ROLE}>|</?{_ROLE}>", _I),
    re.compile(r"<[a-z]+\b[^<>]{0,400}\bon[a-z]{3,20}\s*=[^<>]{0,400}>", _I),
    re.compile(
        rf"\bBEGIN (?:{_ROLE}|NEW|PROMPT)\b(?: [A-Z]+)?[^\n]{{0,2000}}?\bEND (?:{_ROLE}|NEW|PROMPT)\b(?: [A-Z]+)?", _I
    ),
    re.compile(rf"\{{\{{[#/]?{_ROLE}\}}\}}", _I),
    re.compile(rf"</?{_TAGS}-[0-9a-f]{{8,}}\s*>", _I),
    re.compile(rf"\{{[^{{}}]{{0,400}}[\"']{_JUDGING}[\"']\s*:[^{{}}]{{0,800}}\}}", _I),
    re.compile(rf"(?:{_GIVEN}\s*:[^\n]{{0,300}}?\b{_SAID}\s*:\s*[\w-]+\.?\s*){{2,}}(?:{_GIVEN}\s*:(?=\s*(?:\Z|\n)))?"),
)
JUDGED = (
    re.compile(r"```.{0,4000}?(?:```|\Z)", re.DOTALL),
    re.compile(r"!?\[(?P<a>[^\[\]\n]{1,400})\]\([^()\s]{0,600}(?:\([^()\s]{0,100}\))?\)"),
    re.compile(r"!?\[[^\[\]\n]{0,200}\]\((?P<a>[^()\s]{1,600})\)"),
    re.compile(r"<(?:img|div|span|p|a|iframe|object|svg)\b[^<>]{0,600}>(?P<a>[^<>]{0,1000})(?:</\w+>)?", _I),
    re.compile(r"/\*(?P<a>.{0,1000}?)\*/", re.DOTALL),
)
DISGUISED = re.compile(r"\b(?=\w*[a-z]\d+[a-z]|\d[a-z]+\d+[a-z])\w{4,}", _I)
LETTERS = str.maketrans("0134578$@", "oieastb" + "sa")
LETTER_BY_LETTER = re.compile(r"\b(?:\w(?:\s{1,4})){6,}\w\b")
BASE64 = re.compile(r"(?<![\w+/])[A-Za-z0-9+/]{24,}={0,2}(?![\w+/=])")
LINE = re.compile(r"(?<=\n)")
ARTICLE = re.compile(r"\b(?:The|This|Its|An?|Your|As)$")
LABEL_ALONE = re.compile(r"[\W_]*(?:Output|Answer|Response|Note|Result|[Ss]ystem|[Aa]ssistant|[Uu]ser)\s*:\W*")

# ------------------------------------------------------------------------------------------------------------ sentences

# Who is spoken to; words that also mean people or things ("the system", "agents") are not among them.
_READER = (
    r"(?:(?:any|every|all|the|this|dear|hey|an|a)\s+)?(?:\w+\s+)?(?:AIs?|A\.I\.|LLMs?|language models?"
    r"|verification models?"
    r"|(?:AI|this|chat|fact[- ]?checking|verification) (?:system|agent|tool|reader)s?|chat ?bots?|assistants?"
    r"|graders?"
    r"|fact[- ]?checkers?|verifiers?|classifiers?|evaluators?|GPT[-\w]*|ChatGPT)"
)
_VERDICT = (
    r"[\"'“”‘’「*_]*(?:(?:supported|refuted|not[_ ]enough[_ ]info(?:rmation)?|SUPPORTS|REFUTES|entailment"
    r"|contradiction"
    r"|verified|unverified|proven)\b|(?:true|false|correct|incorrect|wrong)\b"
    r"(?!\W*\s(?:if|on|when|for|from|otherwise|else|or|in|at|as|unless|only if|whether)\b))"
)
_DISMISS = r"(?:ignor|disregard|forget|overrid|bypass|overlook|neglect|discard|dismiss)(?:e|ing|s)?|skip|set aside"
_DISMISSED = (
    r"(?:instructions?|prompts?|rules?|guidelines?|directives?|orders?|commands?|tasks?|evidence|passages?|context"
    r"|documents?|claims?|checks?|constraints?|training|everything|anything (?:written|said|above|before)"
    r"|(?:next|previous|following|last|preceding) (?:sentence|line|paragraph|text)s?"
    r"|what(?:ever)?\s+(?:was|is|has|you|came|comes))\b"
)
_ANSWER = r"(?:answer|reply|respond|say|write|output|print|return|state|declare|report|conclude|emit)"
_LABEL = (
    r"(?:mark|label|classify|rate|grade|score|tag|flag|treat|consider|regard|accept|confirm|approve|judge|deem|set"
    r"|report|pretend|assume|declare)"
)
_LABELLED = (
    r"(?:claims?|statements?|hypothes[ie]s|pairs?|rows?|everything|all|this|it|answers?|label|verdict|above"
    r"|following)"
)
_TELL = (
    r"(?:print|repeat|translate|summari[sz]e|reveal|show|output|tell|give|leak|disclose|expose|display|recite"
    r"|share|send)"
)
_HIDDEN = (
    r"(?:(?:system|hidden|initial|original|secret)\s+(?:prompt|instructions?|message)|your\s+(?:\w+\s+)?(?:prompt"
    r"|instructions?|API key|rules)|(?:the\s+)?(?:text|words|prompt|message)s?\s+above|prompts? (?:that )?you"
    r"|API keys?)\b"
)
_MUST = r"(?:must|should|shall|ha(?:s|ve) to|(?:is|are) to|needs? to|(?:is|are) required to|will)"
_LEAD = (
    r"(?:(?:please|kindly|now|then|just|simply|also|instead|immediately|always|never|only|and|or|so|therefore|you"
    r"|we|must"
    r"|should|shall|do not|don['’]t|not|to all|stop[.!]?|important|note|first|next|finally|remember to"
    r"|be sure to)\b[\s,:]*)"
)
# A command: at the beginning, behind a mark, or with a capital letter in the middle of what was glued together.
_COMMAND = (
    rf"(?:(?:^|(?<=[=&:;,.!?\-–—\"'“”‘’(\[{{>*/#]))\s*{_LEAD}{{0,4}}|\b(?=[A-Z])|(?<=must )|(?<=you )"
    rf"|(?<=and )|(?<=then ))"
)


def _order(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, _I)


def _command(verb: str, rest: str) -> re.Pattern[str]:
    """Return a pattern of a command; only its words ignore case, since a capital letter is one way to begin one."""
    return re.compile(rf"{_COMMAND.replace(_LEAD, f'(?i:{_LEAD})')}(?i:{verb}\b{rest})")


ORDERS = (
    _command(f"(?:{_DISMISS})", rf"[^.!?\n]{{0,60}}?\b{_DISMISSED}"),
    _command(
        _ANSWER,
        rf"(?:\s+(?:only|just|always|with|the|word|words|that|it|this|claim|statement|is|are|a|as|to|back|exactly"
        rf"|simply"
        rf"|label|verdict|every|question|all|questions|nothing but)\b){{0,7}}[\s:]+{_VERDICT}(?!\s+or\b)",
    ),
    _command(
        _LABEL, rf"\b[^.!?\n]{{0,30}}?\b{_LABELLED}\b(?:[^.!?\n]{{0,40}}?(?:\bas|\bto|\bis|\bare|=|:))?\s+{_VERDICT}"
    ),
    _command(
        rf"(?:{_LABEL}|support|refute|verify)",
        r"\s+(?:the|this|every|each|all|any)\s+(?:claims?|statements?|rows?)\b[^.!?\n]{0,20}?\bwithout\b",
    ),
    _command(_TELL, rf"[^.!?\n]{{0,40}}?\b{_HIDDEN}"),
    _command(
        r"(?:decode|decrypt|decipher|unscramble|decompress)",
        r"\b[^.!?\n]{0,40}?\b(?:obey|execute|follow|base64|rot13|hex)\b",
    ),
    _command(r"(?:obey|execute|follow)", r"\s+(?:the|these|this|my)\s+(?:\w+\s+)?(?:order|command)s?\b"),
    _order(
        rf"\b{_READER}\b[^.!?\n]{{0,60}}?\b(?:{_MUST}|instruct|order|command)(?:s|ed)?\b[^!?\n]{{0,80}}?"
        rf"\b(?:{_DISMISS}|{_ANSWER}|{_LABEL}|rely|approve|refute|output)\b"
    ),
    _order(rf"\bhereby\s+(?:instruct|order|command|direct|authori[sz]e)\w*\s+(?:you\b|to\b|{_READER})"),
    _order(r"\bfrom now on\b\W{1,3}(?:you|act|behave|pretend|always|your|answer|say)\b"),
    _order(
        rf"^\W*as\b[^.!?\n]{{1,40}}?\byou\s+(?:always|only|must|will|shall|should|can only)\b.{{0,20}}\b{_ANSWER}\b"
    ),
    _order(
        r"\byou\s+are\s+(?:now\s+)?(?:an?\s+|the\s+|no longer\s+(?:an?\s+)?)?(?:AI|assistant|language model"
        r"|chat ?bot|DAN|LLM"
        r"|fact[- ]?checker|grader|verifier|unrestricted|jailbroken|model)\b"
    ),
    _order(
        rf"\b(?:the|this|that|above|following)\s+(?:claim|statement|hypothesis|assertion)\s+(?:above\s+)?(?:is"
        rf"|was|has been)\s+"
        rf"(?:\w+\s+)?{_VERDICT}(?!\s+(?:of|that|to|for)\b)|\bis\s+(?:the|this)\s+(?:claim|statement)\s+{_VERDICT}"
    ),
    _order(
        r"\byou\s+(?:must|should|shall|will|have to|are to)\s+(?:\w+\s+)?(?:support|refute|verify|accept|reject"
        r"|confirm|approve)"
        r"\s+(?:the|this|every|each|all|any)\s+(?:\w+\s+)?(?:claim|statement|answer)s?\b"
    ),
    _command(
        r"(?:do not|don['’]t|never|only|please)?\s*(?:use|read|trust|rely on|consult|consider|cite)",
        r"\s+(?:the|this|any)\s+(?:\w+\s+)?(?:passage|text|evidence|document|context|claim)s?\s+(?:above|below"
        r"|when you|before)\b",
    ),
    _order(rf"^\W*(?:dear|hey|hello|hi|attention|to|for|note to)\s+{_READER}\b\s*[,:!]"),
    _order(
        rf"\b(?:I|we)\s+(?:hereby\s+)?(?:authori[sz]e|order|command|instruct|ask|require|tell|want"
        rf"|need)\s+you\s+to\b[^.!?\n]{{0,60}}?"
        rf"\b(?:{_DISMISS}|{_ANSWER}|{_LABEL}|support|refute)\b"
    ),
    _order(
        r"\bno need to (?:check|verify)\b|\balready\s+(?:been\s+)?(?:verified|checked|confirmed)\s+(?:this|the"
        r"|that)\s+(?:claim"
        r"|statement)|\b(?:claim|hypothesis|statement)\s+is\s+(?:\w+\s+)?(?:supported|contradicted|refuted"
        r"|entailed|proven|backed)"
        r"\s+by\s+the\s+(?:premise|passage|evidence|text above)"
    ),
    _order(rf"\byou\s+(?:always\s+|only\s+|just\s+)?{_ANSWER}\s+(?:with\s+)?{_VERDICT}"),
    _command(
        r"act as",
        r"\s+(?:if|though|an?|the)\b[^.!?\n]{0,60}?\b(?:judge|model|assistant|AI|grader|expert|DAN|who always"
        r"|that always|checker)\b",
    ),
    _order(
        r"\bwhat\s+(?:are|is|were|was)\s+your\s+(?:\w+\s+)?(?:instructions|prompt|rules)\b"
        r"|\bword for word\b[.!]?$"
    ),
    _order(
        r"\b(?:supersede|override|overrule)s?\s+(?:all|any|every)\s+(?:\w+\s+)?(?:evidence|passages?|prompts?"
        r"|sources?)\b"
    ),
    _order(
        r"\byour\s+(?:\w+\s+)?(?:goal|task|job|role)\s+is\s+to\b[^.!?\n]{0,40}?\b(?:agree|claims?|answers?"
        r"|verdicts?|refute|support)\b"
    ),
    _order(rf"\bif\s+you\s+are\s+{_READER}|\bbefore you (?:answer|reply|respond|decide)\b"),
    _order(
        rf"\byou\s+(?:must|should|shall|will|have to|need to"
        rf"|are to)\b[^.!?\n]{{0,40}}?\b{_ANSWER}\b\W+{_VERDICT}"
    ),
    _order(
        rf"\byou\s+(?:must|should|shall|will|have to|may"
        rf"|can)\s+(?:\w+\s+)?(?:{_DISMISS})\b[^.!?\n]{{0,40}}?\b{_DISMISSED}"
    ),
    _order(r"\byour\s+(?:new|only|real|true|actual)\s+(?:instructions?|task|goal|job|role)\s+(?:is|are)\b"),
    _order(
        r"\b(?:only|correct|right|final|required|expected|allowed|permitted)\s+(?:\w+\s+)?(?:output|answer|label"
        r"|verdict"
        rf"|response|classification|rating|reply)\b[^.!?\n]{{0,20}}?\b(?:is|be|=|:)\s+{_VERDICT}"
    ),
    _order(rf"\b{_JUDGING}\s*[:=]\s*{_VERDICT}.{{0,40}}\b(?:confidence|score|reason)\s*[:=]"),
    _order(
        r"(?:ignorier|missacht|vergiss|vergesst|vergessen sie)\w*[^.!?\n]{0,60}?(?:anweisung|instruktion|vorgabe"
        r"|regel"
        r"|aufgabe|befehl)"
    ),
    _order(
        r"\b(?:ignorez|ignore|oubliez|oublie)\b[^.!?\n]{0,60}?\b(?:tout ce qui|instruction|consigne|directive"
        r"|ordre|règle)s?\b"
    ),
    _order(
        r"\b(?:ignora|ignore|ignorad|olvida|olvide|dimentica|ignorate|esqueça"
        r"|esquece)\b[^.!?\n]{0,60}?\b(?:instrucciones"
        r"|indicaciones|órdenes|reglas|istruzioni|regole|instruções|ordens|regras)\b"
    ),
    _order(r"\b(?:negeer|vergeet)\b[^.!?\n]{0,60}?\b(?:instructies|opdracht|aanwijzingen|regels)\w*"),
    _order(r"(?:проигнорируй|игнорируй|забудь)\w*[^.!?\n]{0,60}?(?:инструкц|указани|команд|правил|приказ|задани)\w*"),
    _order(
        r"(?:忽略|無視|无视|忽視|忽视|忘記|忘记|不要理會|不要理会)[^。！？\n]{0,20}(?:指示|指令|命令|提示|規則|规则|任務|任务|證據|证据)"
    ),
    _order(
        r"(?:回答|輸出|输出|標示|标示|標記|标记|判定|回覆|回复)[^。！？\n]{0,6}[「『“\"]?(?:支持|反駁|反驳|SUPPORTED|REFUTED|NOT_ENOUGH_INFO"
        r"|真|假|正確|正确|錯誤|错误)[」』”\"]?(?:[，。,.！!]|$)"
    ),
    _order(r"(?:指示|指令|命令|プロンプト)[^。\n]{0,12}(?:無視|忘れ)"),
    _order(r"(?:지시|명령|지침)[^.\n]{0,12}무시"),
)
_VERB = (
    rf"(?:{_DISMISS}|{_ANSWER}|{_LABEL}|{_TELL}|imagine|act|do|don['’]t|begin|start|stop|put down|remember|use"
    rf"|trust|believe"
    r"|rely|follow|obey|conclude|decide|rule|choose|select|pick|prefer|agree|refute|support|verify|check|skip"
    r"|take|make|note"
    r"|never|always|ensure|let)"
)
ADDRESSED = (
    _order(rf"(?:^\W*|[:;—]\s+)(?:{_LEAD})*{_VERB}\b(?!['’]s\b)"),
    _order(r"\b(?:you|your|yourself)\b"),
    _order(rf"\b{_READER}\b|\battention model\b"),
    _order(rf"^\W*{_ROLE}\s*:|\bwho(?:so)?ever (?:checks|reads|judges|grades)\b|\bhereby\b"),
)
MATTER = _order(
    r"\b(?:(?:this|the|that|every|all) (?:claim|statement)s?|(?:instruction|prompt|task|verdict|label|confidence"
    r"|output"
    r"|evidence|passage)s?|(?:the|your|only|every|correct|this) (?:answer|response)s?|above|previous|preceding"
    r"|(?:next|following|this) (?:sentence|passage|text|line|page)|rules|single word)\b"
)
VERDICT_WORD = re.compile(
    r"\b(?:SUPPORTED|REFUTED|SUPPORTS|REFUTES|NOT_ENOUGH_INFO|NOT ENOUGH INFO|(?i:supported|refuted|refutes"
    r"|not_enough_info|true|false"
    r"|verified|entailment|contradiction))\b"
)
DANGLING = _order(r"[:,]$|\b(?:and|or|so|that|which|because|but|to)$")
BEGINS = _order(rf"\W*(?:{_LEAD})*(?:{_DISMISS}|{_ANSWER}|{_LABEL}|{_TELL})\b")
# Where an order begins that was found further on: who gives it, what it is called, whom it calls.
OPENING = re.compile(
    rf"\b(?:Note|Important|Attention|Update|Warning|Notice|Reminder|Urgent|Instructions?|(?i:{_ROLE}))\s*:"
    r"|\b(?:(?:The|Your|Our|My|Any|Every|All|Dear|This|To)\s+(?:[\w'’-]+\s+){0,6}?|[A-Z]\w*\s+|I\s+)"
    rf"(?:hereby|must|should|shall|(?i:{_MUST}))\b"
    r"|\b(?:From now on|Before you|If you are|As (?:an?|the|your)\b|Dear|Hey|Please|Kindly|You)\b"
)
# One of these stands in everything above; the quick way out for most evidence.
HINT = re.compile(
    r"instruct|prompt|rules?\b|guideline|directive|orders?\b|commands?\b|tasks?\b|evidence|passage|context"
    r"|document|claim"
    r"|statement|hypothes|checks?\b|constraint|training|everything|anything|sentence|what(?:ever)? (?:was|is|has"
    r"|you|came|comes)"
    r"|supported|refuted|not[_ ]enough|supports|refutes|entail|contradict|true|false|verified|proven|correct|wrong"
    r"|words? above|text above|message|api key|base64|rot13|\bhex\b|obey|execute|from now on|you are|before you"
    r"|your \w+"
    r"|\b(?:ai|ais|llms?|gpt|chatgpt)\b|model|assistant|grader|checker|verifier|classifier|evaluator|bot"
    r"|no need to|word for word|your (?:goal|task)|on\w+=|\bBEGIN\b|(?:\b\w\s{1,4}){6}|\d[a-z]+\d|[a-z]\d[a-z]"
    r"|<!--|<script|<style|<\||\[INST|<<SYS|\#\# ?\w|</|<\w|```|/\*|\]\(|anweisung|instruktion|vorgabe|regel"
    r"|aufgabe|befehl|consigne"
    r"|ordre|règle|indicacion|órdenes|reglas|istruzioni|instru|opdracht|aanwijzingen|инструкц|указани|команд"
    r"|правил|приказ"
    r"|задани|[示令命提規规任證证駁驳持真假錯错確确忘]|プロンプト|지시|명령|지침|[A-Za-z0-9+/]{24,}",
    _I,
)
