// Stands in for the ANTLR runtime's umbrella header and comes before it on the include path. The
// umbrella pulls in misc/InterpreterDataReader.h, which clang rejects (it uses the deleted
// `dfa::Vocabulary()`). This one has what a generated parser and its one user need, and no more,
// which also makes it cheaper to compile.
#pragma once

#include <ANTLRErrorListener.h>
#include <ANTLRErrorStrategy.h>
#include <BailErrorStrategy.h>
#include <BaseErrorListener.h>
#include <CharStream.h>
#include <DefaultErrorStrategy.h>
#include <Exceptions.h>
#include <FailedPredicateException.h>
#include <InputMismatchException.h>
#include <NoViableAltException.h>
#include <Parser.h>
#include <ParserRuleContext.h>
#include <RecognitionException.h>
#include <Token.h>
#include <TokenSource.h>
#include <TokenStream.h>
#include <Vocabulary.h>
#include <antlr4-common.h>
#include <atn/ATN.h>
#include <atn/ATNDeserializer.h>
#include <atn/ATNState.h>
#include <atn/DecisionState.h>
#include <atn/ParserATNSimulator.h>
#include <atn/PredictionContext.h>
#include <dfa/DFA.h>
#include <misc/IntervalSet.h>
#include <support/Any.h>
#include <tree/ParseTreeListener.h>
#include <tree/ParseTreeVisitor.h>
#include <tree/TerminalNode.h>
