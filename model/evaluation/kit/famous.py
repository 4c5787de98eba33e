"""Names that an invented brand must keep away from. For screening alone: none is ever drawn."""

from __future__ import annotations

_LIST = """
abercrombie acer adidas adobe aeon airwalk ajinomoto alienware amazon anello
anker apple aquascutum armani asahi
asics atari audemars audi aveda avene avon balenciaga balmain bandai barbie barbour barilla beats belvita
benefit bertolli birkenstock bosch bose bottega braun breitling brother
budweiser bulgari burberry bvlgari cadbury
calbee calvin canon capcom carhartt cartier casio celine cetaphil champion
chanel chloe cisco citizen clarins
clinique coach cocacola colgate columbia converse corelle crocs daikin daiso
danone dell delonghi diesel dior
disney dolce dove dunhill duracell dyson elecom epson estee evian ferragamo
ferrari ferrero fila fitbit fjallraven
fujifilm fujitsu furla garmin garnier gatorade gillette givenchy glico gopro
goyard gucci haribo hario hasbro heinz
hennessy hermes hilfiger hitachi honda hoover hublot huawei iittala ikea intel
issey jabra jansport jordan kagome
kanebo kao kellogg kenzo keurig kikkoman kingston kirin kitkat kleenex kodak
kokuyo konami kose kraft lacoste
lancome laneige lavazza leica lego lenovo levis lindt lipton logitech longchamp
loreal lululemon lotte lush lysol
makita mammut marimekko marshall maserati mattel mazda maybelline meiji melitta
mercedes michelin microsoft milka
missoni mitsubishi mizuno moleskine moncler montblanc montbell morinaga
moschino motorola muji nescafe nespresso
nestle netgear neutrogena newbalance nike nikon nintendo nissan nissin nivea
nokia norton oakley olympus omega
omron onitsuka oppo oreo osprey otsuka panasonic pandora panerai parker
patagonia pentax pepsi perrier philips
pigeon pilot pioneer playstation pokemon polaroid porsche prada pringles puma
pyrex quaker ralph rayban reebok
revlon rimowa ritter roland rolex royce salomon samsonite samsung sandisk
sanrio sapporo seagate sega seiko
sennheiser sephora sharp shiseido siemens skechers smirnoff sony sonos speedo
stabilo starbucks stanley stussy subaru suntory
supreme suzuki swarovski swatch tamiya tefal tempur tesla thermos tiffany tiger
timberland tissot tombow tomy
toshiba toyota tudor tumi twinings uggs uniqlo unilever vacheron valentino vans
vaseline velcro verbatim versace
victorinox visa vuitton wacom weleda wilson wrangler xiaomi yakult yamaha
yamazaki yeti yonex zara zebra zegna
zippo zojirushi talika talens revell velveeta venchi ventolin veuve vittel
volvo lavera linola lumene melissa
merrell moleskin natura nivada noritake novotel orbis panadol pelikan perwoll
petrus primark remington rossignol
lanvin hasselblad berlin gansser larsen kassel dussel longines nordica hollister karrimor lafuma vorwerk
rotring salvatore santen sarotti sedona sensodyne solgar tobler tommee tonka
tropicana vetiver vileda vitamix
"""

FAMOUS: frozenset[str] = frozenset(_LIST.split())
