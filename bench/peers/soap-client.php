<?php
// The call as PHP's own SOAP client makes it.
$client = new SoapClient(getenv('WSDL'));
$answer = $client->GetSSOTokenStatus([
    'tokenID' => 'benchToken00000000',
    'accountID' => 'bench@instamed.net',
    'alias' => 'bench',
    'password' => 'bench-security-key',
]);
echo $answer->GetSSOTokenStatusResult, "\n";
