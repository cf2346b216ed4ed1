const LIST = `
password password1 password12 password123 password1234 password! password1! password123!
passw0rd passw0rd1 p@ssword p@ssw0rd p@ssw0rd1 p@55w0rd pa55word pa55w0rd passwort passwort1
motdepasse contrasena contraseña senha123 wachtwoord salasana heslo123 parola123 sifre123
12345678 123456789 1234567890 12345678910 0123456789 87654321 987654321 9876543210 0987654321
11111111 111111111 1111111111 00000000 000000000 0000000000 22222222 33333333 44444444 55555555
66666666 77777777 88888888 99999999 12121212 13131313 69696969 10101010 11223344 1122334455
12341234 12344321 11112222 12312312 123123123 123321123 123454321 1234512345 147258369 159357456
159753456 741852963 789456123 963852741 321654987 135792468 246813579 102030405 14725836
1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 zaq12wsx zaq1zaq1 zaq1xsw2
q1w2e3r4 q1w2e3r4t5 qwer1234 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwerty1!
qwertyui qwertyuiop qwertyqwerty qwerqwer qweasdzxc qweqweqwe qazwsxedc qazwsx123 qaz123wsx
asdfghjk asdfghjkl asdfasdf asdf1234 asd12345 asdasdasd zxcvbnm1 zxcvbnm123 zxczxczxc azertyuiop
azerty123 qwertz123 qwertzuiop poiuytrewq lkjhgfdsa mnbvcxz1 1a2b3c4d a1b2c3d4 a1b2c3d4e5
abcd1234 abc12345 abc123456 abcdefgh abcdefghi abcdefg1 abcd12345 abcdef123 a1234567 a12345678
a123456789 aa123456 aa12345678 q1234567 q12345678 z1234567 aaaaaaaa aaaaaaaaa abababab abc123abc
xxxxxxxx zzzzzzzz qqqqqqqq iloveyou iloveyou1 iloveyou2 iloveyou123 iloveu123 loveyou1 lovelove
iloveme1 iloveyou! mylove123 babygirl babygirl1 sweetheart sunshine sunshine1 princess princess1
princesa superman superman1 spiderman batman123 wonderwoman starwars starwars1 pokemon1 pokemon123
football football1 football123 baseball baseball1 basketball basketball1 liverpool liverpool1
chelsea1 chelsea123 arsenal1 arsenal123 barcelona barcelona1 realmadrid manchester manunited
juventus steelers cowboys1 yankees1 lakers24 soccer12 softball hockey123 volleyball champion
welcome1 welcome12 welcome123 welcome1! letmein1 letmein123 letmein! trustno1 whatever whatever1
computer computer1 internet internet1 samsung1 samsung123 microsoft windows1 windows10 google123
facebook facebook1 linkedin linkedin1 youtube1 minecraft minecraft1 fortnite roblox123 playstation
nintendo iphone12 blink182 metallica metallica1 nirvana1 slipknot eminem123 blackberry
michelle jennifer jessica1 jessica123 jonathan danielle elizabeth elizabeth1 alexander alexandra
alexandre christian christine christopher nicholas nicole123 samantha samantha1 stephanie
veronica victoria victoria1 charlotte charlie1 charlie123 michael1 michael123 matthew1 anthony1
andrew123 benjamin gabriel1 daniel123 robert123 thomas123 william1 ashley123 amanda123 patricia
brittany caroline isabella fernando francisco sebastian valentina maverick mercedes porsche911
ferrari1 corvette chevrolet mustang1 mustang69 yamaha123 harley123 butterfly butterfly1 dolphins
dragon12 dragon123 monkey12 monkey123 tigger123 snoopy123 chocolate chocolate1 cookie123 cheese123
strawberry cupcake123 pepper123 ginger123 banana123 apple123 orange123 cherry123 jordan23
jordan123 michael23 killer123 hunter12 hunter123 ranger123 shadow12 shadow123 master12 master123
silver123 summer12 summer123 summer2020 summer2021 summer2022 summer2023 summer2024 summer2025
winter12 winter123 winter2020 winter2021 winter2022 winter2023 winter2024 winter2025 spring123
spring2024 spring2025 autumn123 autumn2024 january1 february september september1 october1
november november1 december december1 saturday thursday wednesday changeme changeme1 changeme123
changeit default1 default123 secret12 secret123 topsecret test1234 test12345 test123456 testtest
testing1 testing123 tester123 temp1234 temppass temporary guest123 guestguest user1234 username
username1 login123 loginlogin access14 access123 admin123 admin1234 admin12345 admin123456
adminadmin
admin@123 administrator administrator1 root1234 rootroot toor1234 superuser sysadmin manager1
manager123 oracle123 mysql123 postgres server123 system123 support1 support123 office123 company1
company123 business1 mypassword mypassword1 yourpassword newpassword newpassword1 oldpassword
thepassword nopassword password2 password3 password7 password01 password11 password99 password2020
password2021 password2022 password2023 password2024 password2025 passpass pass1234 pass12345
pass123456 passme123 qwerty!@# !@#$%^&* !qaz2wsx 1qaz@wsx p@$$w0rd p@$$word letmeinnow opensesame
abracadabra goodluck1 happy123 happyday lucky123 lucky777 godisgood jesus123 jesuschrist blessed1
freedom1 freedom123 forever1 forever21 friends1 friendship family123 mother123 father123 brother1
sister123 america1 canada123 england1 australia1 deutschland germany1 france123 russia123 mexico123
brasil123 argentina colombia1 newyork1 california california1 florida1 texas123 chicago1 hello123
hello1234 hellohello goodbye1 startrek matrix123 gandalf1 hogwarts harrypotter
correcthorsebatterystaple
`;

/** Passwords that every attacker tries first, lower-case, of 8 characters or more. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(LIST.split(/\s+/).filter(Boolean));
