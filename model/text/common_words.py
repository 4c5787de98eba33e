"""Words that sellers write every day, which are never taken for an imitation of a name.

Those that lie within two edits of some short mark are what matters: `pure` of Puma, `like` of Nike.
"""

_LIST = """
able about above acid actual after again album alive alone along also amber ample angle apple april area aria army
around arrow aunt aura auto away baby back badge bagel bags bake balance ball balls band bands bank bare bark base
basic bath batch beach bead beads beam bean bear beat beef been beer begin being bell below belt best better bike bird
birth bite black blade blank blend blue board boat body bold bolt bomb bond bone book boost boot boots both bottle bowl
boxed boxes brand brave bravo bread break brick bride brief bright bring broad brown brush build bulk burn busy butter
button buyer cable cake calm came camel camp candy cane cape card care cargo carry cart case cases cash casual cave
cell chain chair chalk chance change charge charm chart chase cheap check cheek cheer chess chest chick chief child
china chino chip choice chrome circle citrus city claim class classic clay clean clear click clip cloak clock close
cloth clothes cloud club coal coast coat coats code coffee coin cold color colour combo come cool copper copy core cork
corn corner cost cotton could count court cover cozy crack craft crane crazy cream creme crew crib crisp cross crow
crown cruise cube cuff cups cure curl cute cycle daily dance dark dash data date dawn days deal dear deck deep deer
demo denim desk dial dice diet digital dinner dire disc dish dive dock does doll done door dose dots double dove down
draft drag draw dream dress dried drift drill drink drip drive drop drum dual duck duel dune dust duty each eager early
earth ease easel east easy edge edition eight elite else empty enamel engine enjoy enter entry equal even ever every
exact extra fabric face fact fade fair fake fall fame family fancy farm fashion fast feel feet felt fence fern fiber
field fifty fight figure file fill film final find fine fire firm first fish five flag flame flap flash flat flex float
floor floral flow flower foam foil fold folk font food foot force fork form forty four frame free fresh frill fringe
frog from front frost fruit fuel full fume funny gain game gate gave gear gentle giant gift gifts girl give glad glass
gloss glove glue goal goat gold golf good goods grab grace grade grand grape graph grass gray great green grey grip
group grow guard guest guide gulf guru hair half hall hand handle hang happy hard harm harp have head heap hear heart
heat heavy heel heels help herb here hero hide high hike hint hire hold hole holiday holy home honey hood hook hope horn
horse hose host hour house huge human humor icon idea inch indigo inner iron island item items ivory jacket jade jean
jeans jelly jersey jewel join joke jolly joy juice jump just keep kept kind king kiss kite kits kitten knee knife knit
knot know label lace lady lake lamb lamp land lane large laser last late latte laugh layer lead leaf lean leap learn
least leather leave left legs lemon lens less level life lift light like lime limit line linen liner link lion list
little live loaf loan local lock logo lone long look loop loose lord lose loss lost lots loud love lover lower lucky
luna lunch lung made magic mail main make male mall malt many maple march mark mask mass match mate matte maxi meal mean
meat media medium meet mega melon menu mesh metal mice midi mild mile milk mind mine mini mint minus mist mixed mode
model modern moment money month mood moon more morning most mother motion motor mouse mouth move movie much mug muscle
music must nail naked name navy near neat neck need neon nest never news next nice night nine noble noise none noon nose
note novel nude nurse nylon oak oasis oatmeal ocean offer office often oil olive once only open orange orbit order
organ origin original other outer outfit oval over pace pack paid pain paint pair pale palm panda panel pant pants paper
park part party pass past paste patch path peace peach peak pearl peel pencil people perfect petal petite phone photo
piano pick piece pile pill pilot pima pine pink pipe pixel pizza place plaid plain plan plane plant plate play plug plum
plump plus pocket point poke polar pole polish polo pond pony pool poor porch port post posh pouch pound pour power
press pretty price pride prime print prize proof proper proud pull pulse puma pump punch pure purple purse push quart
queen quick quiet quilt quite race rack radio rail rain raise range rapid rare rate raw razor reach read ready real
really rebel record red reef relax rent rest retro rice rich ride rider right ring rise risk river road robe robot rock
role roll roller roof room root rope rose rough round route royal ruby rule rush rustic safe sage sail sale salt same
sand satin sauce save scale scarf scene scent school score seal seat secret seed seen self sell seller send sense serum
seven shade shadow shake shape share shark sharp shed sheer sheet shelf shell shift shine ship shirt shoe shoes shop
short shot show side sign silk silver simple since single sink site size sizes skin skirt sky sleek sleep sleeve slice
slide slim slip slow small smart smile smoke smooth snack snake snap snow soak soap sock socks soda sofa soft sold sole
solid solo some song soon sort soul sound soup south soya space spare spark speed spell spice spin spirit split spoon
sport spot spray spring square stack stage stain stamp stand star start state stay steel stem step stick still stitch
stock stone stool stop store storm story strap straw street stretch string strip stripe strong studio style such suede
sugar suit summer sun super sure swan sweat sweater sweet swift swim swing table tail take tale talk tall tank tape
target task taste taxi teal team tear teen tell tent term test text than that them then there these they thick thin
thing think this those three throw thumb tide tidy tied tight tile time tiny tire title toast today toe tone tool tooth
top torn total tote touch tough tour towel tower town trace track trade trail train travel tray tree trend trial trick
trim trip tropical truck true trunk trust tube tulip tuna tune turn tutu twice twin twist type under union unique unit
until upper used user usual valley value vans vanilla vast vegan velvet very vest vibe video view villa vine vintage
vinyl violet vision vital vivid voice volume wagon waist wait wake walk wall want warm wash waste watch water wave wear
week weight well were west whale what wheat wheel when where which while whip white whole whose wide wife wild will wind
wine wing winner winter wipe wire wise wish with wolf woman women wonder wood wool word words work world worn worth
would wrap wrist write yarn year years yell yellow yoga yogi young your youth zero zest zinc zone zoom
adam alan alex alice anna anne arlo beth bill brad carl cara chris dana dave dean diana elena emma eric erin fiona frank
fred gary greg hanna harry helen henry jack jake james jane jason jean jill john jose josh julia kate karl keith kelly
kevin lara laura lily linda lisa lucas luke marc maria marie mario mary mike molly nick nina nora oliver oscar paul
peter rick robin rosa ross ruth ryan sally sara scott sofia steve susan tina toby tony vera vince wendy
"""

COMMON = frozenset(_LIST.split()) - {"bravo", "puma", "vans", "dove", "polo"}
"""English, given names among them, folded; the names of well-known marks are not among them."""
