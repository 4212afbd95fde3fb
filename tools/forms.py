"""Write the table of verb forms that frame rules use: `python tools/forms.py > rules/en/words/forms.csv`.

Needs lemminflect (MIT), whose forms come from the NIH's SPECIALIST lexicon. It is no dependency of cleaner: the
table is committed. A verb with two paradigms (traveled, travelled) has a row for each, the American one first.
"""

from __future__ import annotations

import csv
import sys

COLUMNS = ("lemma", "third", "past", "participle", "gerund")
TAGS = ("VB", "VBZ", "VBD", "VBN", "VBG")

# Base forms that are no nouns, or hardly ever.
VERBS = """
abandon abide abolish absorb abstain accept accommodate accompany accomplish accumulate accuse accustom achieve
acknowledge acquire adapt add adhere adjust administer admire admit adopt advertise advise afford agree allege
allocate allow alter amend amuse analyse analyze announce annoy anticipate apologise apologize appear apply appoint
appreciate approve arise arrange arrive ascend ask assemble assert assess assign assist associate assume assure attach
attain attend attract authorise authorize avoid await be become befriend beg begin behave believe belong betray blow
borrow breathe bring broaden build bury buy calculate cancel carry catch cease celebrate characterise characterize
choose cite clarify classify coincide collaborate collect collide combine come commence commit communicate compare
compel compensate compete compile complain complete complicate comply compose comprehend comprise compute concede
conceive concentrate conclude condemn confer confess confide confirm confiscate conform confront confuse congratulate
connect conquer consider consist constitute construct consult consume contain contemplate continue contradict
contribute convey convince cooperate cope correspond create criticise criticize cultivate decide declare dedicate deem
defend define delete deliver demonstrate denounce deny depart depend deploy deprive derive descend describe deserve
destroy detain detect deter deteriorate determine detest develop deviate devise devote die differ diminish dine
disable disagree disappear disappoint disclose discourage discover discuss dislike dismiss disobey dispose dissuade
distinguish distribute disturb divide do donate earn eat educate elect eliminate embark emerge emphasise emphasize
employ empower enable encourage endure enforce engage enhance enjoy enlarge ensure enter entertain establish evacuate
evade evaluate evolve examine exceed exclude execute exist expand expect expel explain explode explore extend fail
fancy fascinate feed feel find finish flee fly follow forbid foresee forget forgive fulfil fulfill furnish gather
generate get give go govern grab grant greet grow hang happen have heal hear hesitate hide hinder hospitalize identify
ignore illustrate imagine imitate implement imply impose improve include incorporate indicate inform inherit initiate
injure innovate inquire insist inspect inspire install instruct insure integrate intend intensify interact interfere
interpret interrupt introduce invade invent invest investigate invite involve isolate join justify keep kill know
learn leave lend let lie listen live locate lose lower maintain make manage manufacture marry mean meet memorise
memorize merge minimise minimize mislead misunderstand modernise modernize modify motivate negotiate nominate notify
obey oblige observe obstruct obtain occupy occur offend omit open operate oppose oppress organise organize originate
overcome overlook overthrow overwhelm owe participate pave penalize penetrate perceive perform persecute persist
persuade please polish possess postpone pour practise pray preach precede predict prefer prepare prescribe preserve
presume pretend prevail prevent prioritise prioritize proceed proclaim prohibit prolong promote pronounce propose
prosecute protect prove provide publish punish pursue put qualify quit raise react read realise realize reassure
rebuild receive recite recognise recognize recommend reconcile reconstruct recover rectify reduce refer reflect
refrain refuse regain regulate reinforce rejoin relate relax relieve rely remain remember remind remove render renew
reopen repay replace represent reproduce require resemble resent resist resolve respond restore restrict retain
rethink retire retrieve reveal revise rid rob satisfy save say see seek seem select sell separate serve settle shrink
shut simplify sing sit solve speak specialise specialize specify spend spoil steal steer stimulate stir strengthen
strive submit succeed suffer suffice suggest summarise summarize suppose suppress surpass surround survive suspend
sustain swear take teach tell tempt tend terminate testify thank think threaten throw tolerate translate transmit
undergo underline undermine underscore understand undertake unify unite unveil uphold utilise utilize vacate validate
vanish vary verify violate wake warn weaken wear weep withdraw withstand write
"""

# Base forms that are nouns as well: where they look like verbs, what stands before them must tell.
ALSO_NOUNS = """
abuse access accord act address advance affect aid aim alarm answer appeal approach argue arrest attack attempt award
balance ban bar base bear beat benefit bet bid blame block board book boost breach break broadcast burn call care
cause challenge change charge check claim clean climb close collapse comment compromise concern conduct contact
control convert cook copy correct cost count cover crash cross cry cure cut damage dance deal debate decline decrease
defeat delay demand deposit design desire detail discharge display dispute divorce doubt draw dream dress drink drive
drop embrace encounter end escape estimate exchange excuse exercise exhibit experience export express extract face
fall farm fear fight file fill film finance fire fish fix float flow focus force forecast form fund gain gamble grade
graduate guarantee guard guess guide halt hand harm hate head help highlight hire hit hold hope host hunt hurry hurt
import impress increase influence insult interest interview issue joke judge jump kick kiss knock lack land last laugh
launch lead leak lift limit link load look love march mark match measure mention merit miss monitor move murder name
need neglect notice object offer order outline paint park part pass pay permit phone pick place plan play pledge plot
point practice praise present press produce profit progress project promise protest pull purchase push question race
rank rate reach record recruit reform refund regard regret reject relay release rent repair repeat replay reply report
request rescue research reserve respect rest result resume return review revolt reward ride rise risk row rule run
rush sail sample scare search send sentence set shape share shelter shift ship shock shoot shout show sign signal sink
sleep slide slow smell smile smoke sound speed spin split spread stage stand stare start state stay stem stick stop
store stress stretch strike struggle study subject substitute supply support surprise surrender suspect swallow swim
switch tackle talk target taste tear telephone test tie time touch trace track trade train transfer transform travel
treat trouble trust try turn update use value view visit voice vote wait walk want wash waste watch weigh welcome
whisper win wipe wish witness wonder work worry worship wound yell yield
"""

# Where the lexicon is wrong, or mixes two verbs.
RIGHT = {
    verb: [tuple(forms.split()) for forms in ways.split(", ")]
    for verb, ways in {
        "abide": "abide abides abided abided abiding",
        "be": "be is was been being, be are were been being, be am was been being",
        "bear": "bear bears bore borne bearing, bear bears bore born bearing",
        "bet": "bet bets bet bet betting",
        "bid": "bid bids bid bid bidding",
        "broadcast": "broadcast broadcasts broadcast broadcast broadcasting",
        "burn": "burn burns burned burned burning, burn burns burnt burnt burning",
        "cost": "cost costs cost cost costing",
        "dream": "dream dreams dreamed dreamed dreaming, dream dreams dreamt dreamt dreaming",
        "fly": "fly flies flew flown flying",
        "focus": "focus focuses focused focused focusing, focus focusses focussed focussed focussing",
        "forbid": "forbid forbids forbade forbidden forbidding",
        "forecast": "forecast forecasts forecast forecast forecasting",
        "control": "control controls controlled controlled controlling",
        "fulfil": "fulfil fulfils fulfilled fulfilled fulfilling",
        "fulfill": "fulfill fulfills fulfilled fulfilled fulfilling",
        "get": "get gets got gotten getting, get gets got got getting",
        "hang": "hang hangs hung hung hanging, hang hangs hanged hanged hanging",
        "install": "install installs installed installed installing",
        "learn": "learn learns learned learned learning, learn learns learnt learnt learning",
        "lie": "lie lies lay lain lying, lie lies lied lied lying",
        "occur": "occur occurs occurred occurred occurring",
        "pay": "pay pays paid paid paying",
        "prove": "prove proves proved proved proving, prove proves proved proven proving",
        "quit": "quit quits quit quit quitting",
        "refer": "refer refers referred referred referring",
        "relay": "relay relays relayed relayed relaying",
        "show": "show shows showed shown showing",
        "rid": "rid rids rid rid ridding",
        "shrink": "shrink shrinks shrank shrunk shrinking",
        "smell": "smell smells smelled smelled smelling, smell smells smelt smelt smelling",
        "speed": "speed speeds sped sped speeding",
        "spoil": "spoil spoils spoiled spoiled spoiling, spoil spoils spoilt spoilt spoiling",
        "stay": "stay stays stayed stayed staying",
        "strike": "strike strikes struck struck striking",
        "strive": "strive strives strove striven striving, strive strives strived strived striving",
        "target": "target targets targeted targeted targeting",
        "tear": "tear tears tore torn tearing",
        "tie": "tie ties tied tied tying",
        "worship": "worship worships worshiped worshiped worshiping, "
        "worship worships worshipped worshipped worshipping",
    }.items()
}


def paradigms(verb: str) -> list[tuple[str, ...]]:
    """Return the forms of a verb, one tuple for each way to spell them."""
    from lemminflect import getAllInflections

    if verb in RIGHT:
        return RIGHT[verb]
    forms = {
        tag: [form for form in found if form.isalpha()] for tag, found in getAllInflections(verb, upos="VERB").items()
    }
    forms.setdefault("VBN", forms["VBD"])
    ways = max(len(forms[tag]) for tag in TAGS)
    return [tuple(forms[tag][min(i, len(forms[tag]) - 1)] for tag in TAGS) for i in range(ways)]


def main() -> None:
    verbs, nouns = VERBS.split(), ALSO_NOUNS.split()
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow((*COLUMNS, "noun"))
    for verb in sorted({*verbs, *nouns}):
        table.writerows((*forms, "yes" if verb in nouns else "") for forms in paradigms(verb))


if __name__ == "__main__":
    main()
