//! Words that carry no meaning by themselves, folded as [`minicom_core::text`] folds them: grammar, and what people wrap
//! a question into.

use std::{collections::HashSet, sync::LazyLock};

use crate::Language;

/// Whether a folded word says nothing about what is asked.
pub(crate) fn is_stop_word(language: Language, word: &str) -> bool {
    static ENGLISH_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| set(ENGLISH));
    static GERMAN_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| set(GERMAN));
    static SPANISH_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| set(SPANISH));
    static FRENCH_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| set(FRENCH));
    static PORTUGUESE_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| set(PORTUGUESE));
    static ARABIC_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| set(ARABIC));
    match language {
        Language::English | Language::Japanese => &ENGLISH_SET,
        Language::German => &GERMAN_SET,
        Language::Spanish => &SPANISH_SET,
        Language::French => &FRENCH_SET,
        Language::Portuguese => &PORTUGUESE_SET,
        Language::Arabic => &ARABIC_SET,
        Language::Other => return false,
    }
    .contains(word)
}

fn set(list: &'static str) -> HashSet<&'static str> {
    list.split_whitespace().collect()
}

const ENGLISH: &str = "a about actually after again ain all also although always am an and another any anybody anyone \
    anything anyway are aren around as ask asking at be because been before being best better between both but by can \
    cannot cant could couldn d did didn different do does doesn doing don done dont each either else especially etc ever \
    every everything exactly explain few find for from get gets getting give given go goes going good got guys had has \
    hasn have haven having he hello help her here hers hey hi him his how however i id if im in instead into is isn it its \
    ive just kind know let like ll look looking m make makes making many may maybe me mean means might mine more most much \
    must my need needed needs never no none nor not now of off often ok okay on once one only onto or other others our out \
    over own perhaps please possible possibly put question quite rather re really right s said same say see seem seems \
    shall she should shouldn show so some somebody someone something somehow soon still such sure t take tell than thank \
    thanks that thats the their them then there these they thing things think this those though through to too toward \
    tried try trying under understand up upon us use used uses using ve very via want wanted wants was wasn way ways we \
    well were weren what whatever whats when whenever where wherever whether which while who whole whom whose why will \
    with within without won wonder wondering work working works would wouldn y yes yet you your yours happen happens \
    happened happening";

const GERMAN: &str = "aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist \
    bitte da dabei dafur damit danke dann daran darauf darf das dass dein deine dem den denn der des dich die dies diese \
    diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines einfach er es etwas euch euer eure \
    fur gar geht gern gerne gehen gibt habe haben hallo hast hat hatte hatten hier hilfe ich ihm ihn ihnen ihr ihre ihrem \
    ihren ihrer im immer in ins irgendwie ist ja jede jedem jeden jeder jedes jetzt kann kannst kein keine keinem keinen \
    keiner konnen konnt konnte konnten lassen lasst machen macht man mehr mein meine meinem meinen meiner mich mir mit \
    mochte mochten moglich mogliche muss musst mussen nach nein nicht nichts noch nun nur ob oder ohne schon sehr sein \
    seine seinem seinen seiner sich sie sind so soll sollen sollte sollten sonst um und uns unser unsere unter viel viele \
    vom von vor wann war waren warum was wegen weiter welche welchem welchen welcher welches wem wen wenn wer werde werden \
    weshalb wie wieder wieso will wir wird wissen wo wollen wurde wurden zu zum zur zwischen";

const SPANISH: &str = "a al algo alguien algun alguna algunas algunos ante antes aqui asi aun aunque ayuda cada como con \
    cual cuales cualquier cuando cuanta cuantas cuanto cuantos de del desde donde dos e el ella ellas ellos en entonces \
    entre era eres es esa esas ese eso esos esta estan estar estas este esto estos estoy existe fue gracias ha hace hacen \
    hacer hago han hasta hay hola la las le les lo los mas me mi mis mucho muchos muy nada necesito necesita ni no nos \
    nosotros o os otra otras otro otros para pero poco por porque posible pregunta pues puede pueden puedo que quien \
    quienes quiero quisiera saber se sea ser si sin sobre solo son soy su sus tal tambien tan tanto te tener tengo tiene \
    tienen toda todas todo todos tu tus un una unas uno unos usar uso usted ustedes va voy y ya yo favor podria";

const FRENCH: &str = "a afin ai aide aller alors apres as au aucun aucune aussi autre autres aux avant avec avez avoir \
    avons bien bonjour c ca car ce cela ces cet cette chaque chez ci comme comment d dans de des donc dont du elle elles \
    en encore entre es est et etait etre eu eux fait faire faut il ils j je jamais l la le les leur leurs lors lui m ma \
    mais me meme merci mes moi moins mon n ne ni non nos notre nous on ont ou par parce pas peu peut peuvent peux plus \
    plait possible pour pourquoi pouvez pouvoir pourrait puis puisje qu quand que quel quelle quelles quelque quelques \
    quels qui quoi s sa sans savoir se sera ses si sil son sont souhaite sous sur svp t ta te tes toi ton tous tout toute \
    toutes tres tu un une utiliser utilise va vais vers veux voici voila vont vos votre voudrais vous y";

const PORTUGUESE: &str = "a agora ainda ajuda alem algo alguem algum alguma algumas alguns antes ao aos apos aquela aquele \
    aqui as assim ate bem boa bom cada com como da das de dela dele deles depois do dos e ela elas ele eles em entao entre \
    era eram essa essas esse esses esta estao estar estas este estes estou eu existe faz fazer faco favor foi for foram ha \
    isso isto ja la lhe mais mas me mesmo meu meus minha minhas muito muitos na nao nas nem nenhum no nos nosso num numa o \
    obrigada obrigado ola onde os ou outra outras outro outros para pela pelas pelo pelos pergunta pode podem podemos \
    poderia por porque posso possivel pra preciso precisa pro qual quais qualquer quando quanto quantos que quem quero \
    gostaria saber se sem ser sera seu seus sim so sobre sou sua suas tal tambem tanto te tem tenho ter teu toda todas \
    todo todos tu tudo um uma umas uns usa usar uso vai voce voces vou";

const ARABIC: &str = "في من علي الي عن مع هل ما ماذا لماذا كيف متي اين اي هذا هذه ذلك تلك هو هي هم نحن انا انت التي الذي \
    الذين كان كانت يكون تكون ان او ثم لا لم لن قد كل بعض عند بعد قبل بين حتي اذا لو لكن و يا هنا هناك يمكن يمكنني اريد احتاج \
    شكرا مرحبا رجاء فضلك غير ايضا كم ليس لدي لديك لدي عندي فقط حول بدون اليها اليه منه منها به بها له لها فيه فيها";

#[cfg(test)]
mod tests {
    use super::*;

    /// A word that folding changes would never be found.
    #[test]
    fn they_are_folded() {
        for list in [ENGLISH, GERMAN, SPANISH, FRENCH, PORTUGUESE, ARABIC] {
            for word in list.split_whitespace() {
                assert_eq!(minicom_core::text::terms(word), [word], "{word}");
            }
        }
    }
}
