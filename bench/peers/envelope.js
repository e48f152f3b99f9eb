/** What the contenders send that have to be told; the others make it themselves. */
export const envelope =
  '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
  '<GetSSOTokenStatus xmlns="http://tempuri.org/"><tokenID>benchToken00000000</tokenID>' +
  '<accountID>bench@instamed.net</accountID><alias>bench</alias><password>bench-security-key</password>' +
  '</GetSSOTokenStatus></soap:Body></soap:Envelope>';

export const soapAction = '"http://tempuri.org/GetSSOTokenStatus"';

/** The service's description, cut down to the one operation. @param {string} url */
export const wsdlFor = (url) => `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="http://tempuri.org/" targetNamespace="http://tempuri.org/">
  <wsdl:types>
    <xs:schema elementFormDefault="qualified" targetNamespace="http://tempuri.org/">
      <xs:element name="GetSSOTokenStatus"><xs:complexType><xs:sequence>
        <xs:element minOccurs="0" name="tokenID" type="xs:string" />
        <xs:element minOccurs="0" name="accountID" type="xs:string" />
        <xs:element minOccurs="0" name="alias" type="xs:string" />
        <xs:element minOccurs="0" name="password" type="xs:string" />
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="GetSSOTokenStatusResponse"><xs:complexType><xs:sequence>
        <xs:element minOccurs="0" name="GetSSOTokenStatusResult" type="xs:string" />
      </xs:sequence></xs:complexType></xs:element>
    </xs:schema>
  </wsdl:types>
  <wsdl:message name="In"><wsdl:part name="parameters" element="tns:GetSSOTokenStatus" /></wsdl:message>
  <wsdl:message name="Out"><wsdl:part name="parameters" element="tns:GetSSOTokenStatusResponse" /></wsdl:message>
  <wsdl:portType name="SSOServiceSoap">
    <wsdl:operation name="GetSSOTokenStatus">
      <wsdl:input message="tns:In" />
      <wsdl:output message="tns:Out" />
    </wsdl:operation>
  </wsdl:portType>
  <wsdl:binding name="SSOServiceSoap" type="tns:SSOServiceSoap">
    <soap:binding transport="http://schemas.xmlsoap.org/soap/http" />
    <wsdl:operation name="GetSSOTokenStatus">
      <soap:operation soapAction="http://tempuri.org/GetSSOTokenStatus" style="document" />
      <wsdl:input><soap:body use="literal" /></wsdl:input>
      <wsdl:output><soap:body use="literal" /></wsdl:output>
    </wsdl:operation>
  </wsdl:binding>
  <wsdl:service name="SSOService">
    <wsdl:port name="SSOServiceSoap" binding="tns:SSOServiceSoap"><soap:address location="${url}" /></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`;
